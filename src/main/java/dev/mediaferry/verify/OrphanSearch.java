package dev.mediaferry.verify;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Listed;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Provenance;
import dev.mediaferry.storage.Requests;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.verify.OrphanReport.Orphan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One search for objects that nobody owns, and how far it is. */
final class OrphanSearch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSearch.class);
    private static final int MOST_LISTED = 1000;
    private static final int PAGE = 250;

    /** Keys between two notes of the position, where none has no owner. */
    private static final int STEPS = 10_000;

    /** Objects that are asked for at the same time. */
    private static final int REQUESTS = 16;

    private static final String LEFT = "left";
    private static final Provenance NOTHING = Provenance.of(Map.of());

    private final Buckets buckets;
    private final String ledgerId;
    private final boolean deleteShared;
    private final List<Entry> entries;
    private final MediaPlaces media;
    private final Instant before;
    private final Runnable sweep;
    private final Consumer<Orphan> line;
    private final Path file;
    private final String scope;
    private final OrphanOptions options;
    private final LedgerReader ledger;
    private final List<Listed> page = new ArrayList<>();
    private final List<Orphan> listed = new ArrayList<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final Requests requests = new Requests(REQUESTS);
    private long bytes;

    /**
     * @param entries all of the registry
     * @param media where uploads go
     * @param deleteShared true when no other ledger writes to the buckets
     * @param home where the position is kept
     * @param sweep removes what is handed over to it
     * @param line receives each orphan at once
     */
    OrphanSearch(
            OrphanOptions options,
            Database database,
            Buckets buckets,
            Entries entries,
            MediaPlaces media,
            boolean deleteShared,
            Path home,
            Runnable sweep,
            Consumer<Orphan> line) {
        this.file = home.resolve("orphans.json");
        this.options = options;
        this.buckets = buckets;
        this.ledgerId = database.ledgerId().toString();
        this.deleteShared = deleteShared;
        this.entries = entries.all();
        this.media = media;
        this.scope = "older than " + options.olderThan() + (options.delete() ? ", deleting" : "") + places();
        this.before = Instant.now().minus(options.olderThan());
        this.sweep = sweep;
        this.line = line;
        this.ledger = new LedgerReader(database);
    }

    /**
     * @throws ConfigurationException when a key template does not tell our objects from others, or nothing was interrupted that could
     *     be gone on with
     */
    OrphanReport find() {
        Checkpoint from = options.resume()
                ? Checkpoint.load(
                        file, scope, buckets.known().stream().map(this::label).toList(), "search for orphans")
                : new Checkpoint(scope, "", "", 0, 0, Map.of());
        counts.putAll(from.counts());
        bytes = from.read();
        boolean reached = from.bucket().isEmpty();
        for (StorageSettings storage : buckets.known()) {
            boolean here = label(storage).equals(from.bucket());
            reached |= here;
            if (!reached) {
                continue;
            }
            try (Bucket bucket = Bucket.open(storage, REQUESTS + 1)) {
                find(storage, bucket, here ? from.key() : "");
            } catch (ConfigurationException | ServiceUnreachableException e) {
                if (!buckets.isFormer(storage)) {
                    throw e;
                }
                LOG.warn("a bucket that was configured once is left out: {}", e.getMessage());
            }
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long theirs = counts.getOrDefault("theirs", 0L);
        return new OrphanReport(
                counts.values().stream().mapToLong(Long::longValue).sum() - theirs,
                bytes,
                counts.getOrDefault("held", 0L),
                counts.getOrDefault("removed", 0L),
                theirs,
                counts.getOrDefault("unknown", 0L),
                List.copyOf(listed));
    }

    /** A position says nothing of a bucket or a folder that was not looked at. */
    private String places() {
        return buckets.known().stream()
                .map(storage -> ", " + label(storage)
                        + Folders.of(entries, media, buckets, storage)
                                .map(List::toString)
                                .orElse(""))
                .collect(Collectors.joining());
    }

    private String label(StorageSettings storage) {
        return buckets.clientName(buckets.inLedger(storage));
    }

    private void find(StorageSettings storage, Bucket bucket, String after) {
        List<String> folders = Folders.of(entries, media, buckets, storage)
                .orElseThrow(() -> new ConfigurationException("the key template (mediaferry.storage.key, or key in the "
                        + "registry) begins with what differs from row to row, so our objects cannot be "
                        + "distinguished from others; let it begin with {folder}/"));
        ObjectWalk walk =
                new ObjectWalk(ledger.owners(0, buckets.inLedger(storage), after), bucket.list(folders, after), after);
        Unowned unowned = new Unowned();
        int steps = 0;
        while (walk.step(unowned)) {
            steps++;
            if (page.size() == PAGE || steps % STEPS == 0) {
                settle(storage, bucket);
                new Checkpoint(scope, label(storage), walk.position(), 0, bytes, counts).save(file);
            }
        }
        settle(storage, bucket);
        new Checkpoint(scope, label(storage), walk.position(), 0, bytes, counts).save(file);
    }

    private void settle(StorageSettings storage, Bucket bucket) {
        if (page.isEmpty()) {
            return;
        }
        String inLedger = buckets.inLedger(storage);
        Map<String, String> outcomes = outcomes(inLedger, bucket);
        Map<String, String> free = new LinkedHashMap<>();
        page.stream()
                .filter(object -> outcomes.get(object.key()).equals(LEFT))
                .forEach(object -> free.put(object.key(), object.etag()));
        Set<String> gone = options.delete() && !free.isEmpty() ? remove(inLedger, free) : Set.of();
        gone.forEach(key -> outcomes.put(key, "removed"));
        for (Listed entry : page) {
            String outcome = outcomes.get(entry.key());
            counts.merge(outcome, 1L, Long::sum);
            bytes += entry.bytes();
            Orphan orphan =
                    new Orphan(entry.key(), entry.bytes(), entry.modified().toString(), outcome);
            line.accept(orphan);
            if (listed.size() < MOST_LISTED) {
                listed.add(orphan);
            }
        }
        page.clear();
    }

    private Map<String, String> outcomes(String inLedger, Bucket bucket) {
        Map<String, Provenance> says = heads(bucket);
        Map<String, Long> transfers = new LinkedHashMap<>();
        says.forEach((key, marks) -> marks.transfer().ifPresent(id -> transfers.put(key, id)));
        Set<String> held = held(inLedger);
        Set<String> ofCopies = new HashSet<>(ledger.ofCopies(transfers));
        Set<UUID> unknown = ledger.unknownMedia(
                says.values().stream().flatMap(marks -> marks.medium().stream()).toList());
        says.forEach((key, marks) -> marks.medium().filter(unknown::contains).ifPresent(id -> ofCopies.add(key)));
        Map<String, String> outcomes = new HashMap<>();
        for (Listed object : page) {
            String key = object.key();
            Optional<String> owner = says.get(key).ledger();
            boolean ours = owner.filter(ledgerId::equals).isPresent() && !ofCopies.contains(key);
            outcomes.put(
                    key,
                    held.contains(key)
                            ? "held"
                            : owner.isEmpty()
                                    ? "unknown"
                                    : !ours ? "theirs" : isShared(key, says.get(key)) ? "shared" : LEFT);
        }
        return outcomes;
    }

    /** Whether equal bytes of another database may lie under the key; an earlier template may have put the hash into it. */
    private boolean isShared(String key, Provenance says) {
        KeyTemplate standard = buckets.standard().key();
        return !deleteShared
                && (says.sha256().filter(key::contains).isPresent()
                        || entries.stream()
                                .map(entry -> entry.keys(standard))
                                .anyMatch(keys -> keys.shared() && key.startsWith(keys.prefix())));
    }

    /** A pointer may say where the object is in any form. */
    private Set<String> held(String inLedger) {
        Map<String, List<ObjectName>> byName = new HashMap<>();
        page.stream().map(object -> new ObjectName(inLedger, object.key())).forEach(object -> byName.computeIfAbsent(
                        object.lastName(), name -> new ArrayList<>())
                .add(object));
        Set<String> held = new HashSet<>();
        for (Entry entry : entries) {
            for (String value : ledger.held(entry, List.copyOf(byName.keySet()))) {
                String address = ObjectName.address(value);
                byName.getOrDefault(ObjectName.lastName(address), List.of()).stream()
                        .filter(object -> buckets.leadsTo(address, object))
                        .forEach(object -> held.add(object.key()));
            }
        }
        return held;
    }

    private Map<String, Provenance> heads(Bucket bucket) {
        List<Optional<Provenance>> answers = requests.all(page.stream()
                .<Callable<Optional<Provenance>>>map(object -> () -> bucket.provenance(object.key()))
                .toList());
        Map<String, Provenance> heads = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            heads.put(page.get(i).key(), answers.get(i).orElse(NOTHING));
        }
        return heads;
    }

    private Set<String> remove(String bucket, Map<String, String> etags) {
        long[] ids = ledger.handOver(bucket, etags);
        sweep.run();
        return ledger.removed(ids);
    }

    @Override
    public void close() {
        requests.close();
        ledger.close();
    }

    private final class Unowned implements ObjectWalk.Visitor {

        @Override
        public void matched(ObjectOwner owner, Listed object) {
            // Owned, whatever became of its transfer.
        }

        @Override
        public void unlisted(ObjectOwner owner) {
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
