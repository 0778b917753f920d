package dev.mediaferry.verify;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.StorageSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Where in the bucket our objects are. */
final class Folders {

    private Folders() {}

    /** @return what the keys in a bucket begin with, sorted, none the beginning of another; empty when that tells nothing */
    static Optional<List<String>> of(List<Entry> entries, Buckets buckets, StorageSettings bucket) {
        List<String> folders = new ArrayList<>();
        TreeSet<String> prefixes = new TreeSet<>();
        entries.stream()
                .filter(entry -> buckets.isFormer(bucket)
                        || buckets.of(entry.bucket()).bucket().equals(bucket.bucket()))
                .forEach(entry -> prefixes.add(entry.keys(bucket.key()).prefix()));
        for (String prefix : prefixes) {
            if (folders.isEmpty() || !prefix.startsWith(folders.get(folders.size() - 1))) {
                folders.add(prefix);
            }
        }
        return folders.contains("") ? Optional.empty() : Optional.of(folders);
    }
}
