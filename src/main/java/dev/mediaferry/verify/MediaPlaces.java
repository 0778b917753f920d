package dev.mediaferry.verify;

import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.StorageSettings;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where in the buckets uploads are, and what is made of media.
 *
 * @param derived what the keys of derivatives begin with, in whatever bucket
 * @param arriving what keys begin with under which clients of this ledger put them
 */
public record MediaPlaces(List<UploadType> types, List<String> derived, String arriving) {

    public MediaPlaces {
        types = List.copyOf(types);
        derived = List.copyOf(derived);
    }

    /** @return the same for who does not look at media */
    MediaPlaces none() {
        return new MediaPlaces(List.of(), List.of(), arriving);
    }

    /** @return what the keys of media in a bucket begin with; types whose keys all begin otherwise are left out */
    List<String> folders(Buckets buckets, StorageSettings bucket) {
        return Stream.concat(
                        derived.stream(),
                        types.stream()
                                .filter(type -> isIn(type, buckets, bucket))
                                .map(type -> type.key().prefix(type.folder(), type.name())))
                .filter(prefix -> !prefix.isEmpty())
                .toList();
    }

    boolean takesUploads(Buckets buckets, StorageSettings bucket) {
        return types.stream().anyMatch(type -> isIn(type, buckets, bucket));
    }

    private static boolean isIn(UploadType type, Buckets buckets, StorageSettings bucket) {
        return buckets.isFormer(bucket) || buckets.of(type.bucket()).bucket().equals(bucket.bucket());
    }
}
