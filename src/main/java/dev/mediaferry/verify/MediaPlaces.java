package dev.mediaferry.verify;

import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.StorageSettings;
import java.util.List;

/**
 * Where in the buckets uploads are.
 *
 * @param arriving what keys begin with under which clients of this ledger put them
 */
public record MediaPlaces(List<UploadType> types, String arriving) {

    public MediaPlaces {
        types = List.copyOf(types);
    }

    /** @return the same for who does not look at media */
    MediaPlaces none() {
        return new MediaPlaces(List.of(), arriving);
    }

    /** @return what the keys of media in a bucket begin with; types whose keys all begin otherwise are left out */
    List<String> folders(Buckets buckets, StorageSettings bucket) {
        return types.stream()
                .filter(type -> isIn(type, buckets, bucket))
                .map(type -> type.key().prefix(type.folder(), type.name()))
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
