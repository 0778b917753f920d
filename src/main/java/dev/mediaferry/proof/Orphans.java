package dev.mediaferry.proof;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.proof.OrphanReport.Orphan;
import dev.mediaferry.registry.Entries;
import dev.mediaferry.registry.Entry;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Listed;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.StorageSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the objects under our folders that no ledger row owns, and has them removed. */
public final class Orphans implements AutoCloseable {

    private static final int MOST_LISTED = 1000;
    private static final int PAGE = 1000;

    private final Buckets buckets;
    private final List<Entry> entries;
    private final Instant before;
    private final Optional<Runnable> sweep;
    private final Consumer<Orphan> line;
    private final LedgerReader ledger;
    private final List<Listed> page = new ArrayList<>();
    private final List<Orphan> listed = new ArrayList<>();
    private long found;
    private long bytes;
    private long held;
    private long removed;

    /**
     * @param entries all of the registry
     * @param olderThan younger objects are left out: the transfer that stores one may be under way
     * @param sweep removes what is handed over to it; empty when orphans are only to be listed
     * @param line told each orphan as it comes
     */
    public Orphans(
            Database database,
            Buckets buckets,
            Entries entries,
            Duration olderThan,
            Optional<Runnable> sweep,
            Consumer<Orphan> line) {
        this.buckets = buckets;
        this.entries = entries.all();
        this.before = Instant.now().minus(olderThan);
        this.sweep = sweep;
        this.line = line;
        this.ledger = new LedgerReader(database);
    }

    /** @throws ConfigurationException when a key template does not tell our objects from others */
    public OrphanReport find() {
        for (StorageSettings storage : buckets.all()) {
            try (Bucket bucket = Bucket.open(storage, 2)) {
                find(storage, bucket);
            }
        }
        return new OrphanReport(found, bytes, held, removed, List.copyOf(listed));
    }

    private void find(StorageSettings storage, Bucket bucket) {
        List<String> folders = Folders.of(entries, buckets, storage)
                .orElseThrow(() -> new ConfigurationException("the key template (mediaferry.storage.key, or key in the "
                        + "registry) begins with what differs from row to row, so our objects cannot be told from others; "
                        + "let it begin with {folder}/"));
        ObjectWalk walk = new ObjectWalk(ledger.owners(0, buckets.inLedger(storage), ""), bucket.list(folders, ""), "");
        Unowned unowned = new Unowned();
        while (walk.step(unowned)) {
            if (page.size() == PAGE) {
                settle(storage);
            }
        }
        settle(storage);
    }

    private void settle(StorageSettings storage) {
        if (page.isEmpty()) {
            return;
        }
        // A pointer may say where the object is in either form.
        Map<String, String> keys = new HashMap<>();
        for (Listed object : page) {
            keys.put(storage.target(object.key()), object.key());
            keys.put(storage.s3Uri(object.key()), object.key());
        }
        Set<String> heldKeys = new HashSet<>();
        List<String> links = List.copyOf(keys.keySet());
        entries.forEach(entry -> ledger.held(entry, links).forEach(link -> heldKeys.add(keys.get(link))));
        List<String> free = page.stream()
                .map(Listed::key)
                .filter(key -> !heldKeys.contains(key))
                .toList();
        Set<String> gone = sweep.isPresent() && !free.isEmpty() ? remove(buckets.inLedger(storage), free) : Set.of();
        for (Listed entry : page) {
            boolean isHeld = heldKeys.contains(entry.key());
            String outcome = isHeld ? "held" : gone.contains(entry.key()) ? "removed" : "left";
            found++;
            bytes += entry.bytes();
            held += isHeld ? 1 : 0;
            Orphan orphan =
                    new Orphan(entry.key(), entry.bytes(), entry.modified().toString(), outcome);
            line.accept(orphan);
            if (listed.size() < MOST_LISTED) {
                listed.add(orphan);
            }
        }
        removed += gone.size();
        page.clear();
    }

    private Set<String> remove(String bucket, List<String> keys) {
        long[] ids = ledger.handOver(bucket, keys);
        sweep.orElseThrow().run();
        return ledger.removed(ids);
    }

    @Override
    public void close() {
        ledger.close();
    }

    private final class Unowned implements ObjectWalk.Visitor {

        @Override
        public void matched(Owner owner, Listed object) {
            // Owned, whatever became of its transfer.
        }

        @Override
        public void unlisted(Owner owner) {
            // Missing objects are the verification's concern.
        }

        @Override
        public void unowned(Listed object, boolean duplicate) {
            if (object.modified().isBefore(before)) {
                page.add(object);
            }
        }
    }
}
