package dev.mediaferry.verify;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.StorageSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Where in the bucket our objects are. */
final class Folders {

    private Folders() {}

    /** @return what the keys in a bucket begin with, sorted, none the beginning of another; empty when that tells nothing */
    static Optional<List<String>> of(List<Entry> entries, MediaPlaces media, Buckets buckets, StorageSettings bucket) {
        TreeSet<String> prefixes = new TreeSet<>(media.folders(buckets, bucket));
        entries.stream()
                .filter(entry -> buckets.isFormer(bucket)
                        || buckets.of(entry.bucket()).bucket().equals(bucket.bucket()))
                .forEach(entry -> prefixes.add(entry.keys(bucket.key()).prefix()));
        return prefixes.contains("") ? Optional.empty() : Optional.of(outermost(prefixes));
    }

    /** @return the same with another one */
    static List<String> with(List<String> folders, String folder) {
        TreeSet<String> prefixes = new TreeSet<>(folders);
        prefixes.add(folder);
        return outermost(prefixes);
    }

    private static List<String> outermost(SortedSet<String> prefixes) {
        List<String> folders = new ArrayList<>();
        for (String prefix : prefixes) {
            if (folders.isEmpty() || !prefix.startsWith(folders.get(folders.size() - 1))) {
                folders.add(prefix);
            }
        }
        return folders;
    }
}
