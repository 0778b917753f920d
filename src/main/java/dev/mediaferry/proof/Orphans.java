package dev.mediaferry.proof;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.proof.OrphanReport.Orphan;
import dev.mediaferry.registry.Entries;
import dev.mediaferry.registry.Entry;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Listed;
import dev.mediaferry.storage.StorageSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the objects under our folders that no ledger row owns, and has them removed. */
public final class Orphans implements AutoCloseable {

    private static final int MOST_LISTED = 1000;
    private static final int PAGE = 1000;

    private final StorageSettings storage;
    private final List<Entry> entries;
    private final Instant before;
    private final Optional<Runnable> sweep;
    private final Consumer<Orphan> line;
    private final Bucket bucket;
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
            StorageSettings storage,
            Entries entries,
            Duration olderThan,
            Optional<Runnable> sweep,
            Consumer<Orphan> line) {
        this.storage = storage;
        this.entries = entries.all();
        this.before = Instant.now().minus(olderThan);
        this.sweep = sweep;
        this.line = line;
        this.bucket = Bucket.open(storage, 2);
        try {
            this.ledger = new LedgerReader(database);
        } catch (RuntimeException e) {
            bucket.close();
            throw e;
        }
    }

    /** @throws ConfigurationException when a key template does not tell our objects from others */
    public OrphanReport find() {
        List<String> folders = Folders.of(entries, storage)
                .orElseThrow(() -> new ConfigurationException("the key template (mediaferry.storage.key, or key in the "
                        + "registry) begins with what differs from row to row, so our objects cannot be told from others; "
                        + "let it begin with {folder}/"));
        ObjectWalk walk = new ObjectWalk(ledger.owners(0, ""), bucket.list(folders, ""), "");
        Unowned unowned = new Unowned();
        while (walk.step(unowned)) {
            if (page.size() == PAGE) {
                settle();
            }
        }
        settle();
        return new OrphanReport(found, bytes, held, removed, List.copyOf(listed));
    }

    private void settle() {
        if (page.isEmpty()) {
            return;
        }
        List<String> links =
                page.stream().map(entry -> storage.target(entry.key())).toList();
        Set<String> heldLinks = new HashSet<>();
        entries.forEach(entry -> heldLinks.addAll(ledger.held(entry, links)));
        List<String> free = page.stream()
                .map(Listed::key)
                .filter(key -> !heldLinks.contains(storage.target(key)))
                .toList();
        Set<String> gone = sweep.isPresent() && !free.isEmpty() ? remove(free) : Set.of();
        for (Listed entry : page) {
            boolean isHeld = heldLinks.contains(storage.target(entry.key()));
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

    private Set<String> remove(List<String> keys) {
        long[] ids = ledger.handOver(keys);
        sweep.orElseThrow().run();
        return ledger.removed(ids);
    }

    @Override
    public void close() {
        ledger.close();
        bucket.close();
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
