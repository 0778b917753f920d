package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Bucket.Listed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Finds out which of many keys a bucket has. Keys that lie close together cost a listing, which tells a thousand of them at
 * once; where too much else lies between them, they are asked for one by one, many at the same time.
 */
final class KeyProbe implements AutoCloseable {

    private static final int REQUESTS = 32;

    /** Fewer keys are asked for at once. */
    private static final int FEW = 50;

    /** Other objects that a listing may come across for each of the keys. */
    private static final int OTHERS = 10;

    private final Bucket bucket;
    private final Requests requests = new Requests(REQUESTS);

    KeyProbe(StorageSettings storage) {
        this.bucket = Bucket.open(storage, REQUESTS);
    }

    Bucket bucket() {
        return bucket;
    }

    /** @param keys in the order of a listing @return what the store says of those that are there */
    Map<String, Facts> find(List<String> keys) {
        List<String> candidates = keys.size() <= FEW ? keys : listed(keys);
        Map<String, Facts> found = new HashMap<>();
        List<Optional<Facts>> answers = requests.all(candidates.stream()
                .<Callable<Optional<Facts>>>map(key -> () -> bucket.head(key))
                .toList());
        for (int i = 0; i < answers.size(); i++) {
            String key = candidates.get(i);
            answers.get(i).ifPresent(facts -> found.put(key, facts));
        }
        return found;
    }

    /** @return those that a listing has, and those that it did not come to */
    private List<String> listed(List<String> keys) {
        String first = keys.get(0);
        String last = keys.get(keys.size() - 1);
        Set<String> wanted = new HashSet<>(keys);
        List<String> candidates = new ArrayList<>();
        String seen = "";
        try {
            Iterator<Listed> listing =
                    bucket.list(List.of(common(first, last)), first.substring(0, first.length() - 1));
            for (int others = 0; others < OTHERS * keys.size(); others++) {
                if (!listing.hasNext()) {
                    return candidates;
                }
                seen = listing.next().key();
                if (Bucket.compare(seen, last) > 0) {
                    return candidates;
                }
                if (wanted.contains(seen)) {
                    candidates.add(seen);
                }
            }
        } catch (ConfigurationException e) {
            // The store lists in no order, so a listing tells nothing of what it has passed.
            return keys;
        }
        String reached = seen;
        keys.stream().filter(key -> Bucket.compare(key, reached) > 0).forEach(candidates::add);
        return candidates;
    }

    private static String common(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return one.substring(0, length);
    }

    @Override
    public void close() {
        requests.close();
        bucket.close();
    }
}
