package dev.mediaferry.verify;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.storage.Adoptions;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Requests;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.verify.Finding.Kind;
import dev.mediaferry.verify.LedgerReader.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** One comparison of database, ledger and bucket, and how far it is. */
public final class Verification implements AutoCloseable {

    /** Findings that a report names; the others are only counted. */
    private static final int MOST_LISTED = 1000;

    /** Objects that are asked for at the same time. */
    private static final int REQUESTS = 16;

    /** Requests that are gathered before they are sent. */
    private static final int PAGE = 500;

    /** Keys that make a page where the store has to be asked for none. */
    private static final int STEPS = PAGE * 10;

    /** Clocks of the store and of this machine may differ; what is younger may be under way. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(15);

    private final VerifyOptions options;
    private final Buckets buckets;
    private final List<Entry> entries;
    private final Path file;
    private final Consumer<Finding> line;
    private final Consumer<Long> progress;
    private final LedgerReader ledger;
    private final Requests requests = new Requests(REQUESTS);
    private final Instant started = Instant.now();
    private final List<Callable<Optional<Finding>>> page = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Tally tally = new Tally();
    private final LedgerId ledgerId;
    private final MediaPlaces media;
    private final Deque<StorageSettings> left;
    private final Checkpoint from;
    private final String first;
    private final List<Finding> asked = new ArrayList<>();
    private Bucket bucket;
    private Adoptions adoptions;
    private ObjectWalk walk;
    private Comparison comparison;
    private boolean hasPage;

    /**
     * @param entries all of the registry
     * @param media where uploads go
     * @param home where the position is kept
     * @param line receives each finding at once
     * @param progress receives how many objects have been compared
     * @throws ConfigurationException when nothing was interrupted that could be gone on with
     */
    Verification(
            VerifyOptions options,
            Database database,
            Buckets buckets,
            Entries entries,
            MediaPlaces media,
            Path home,
            Consumer<Finding> line,
            Consumer<Long> progress) {
        this.options = options;
        this.media = media;
        this.buckets = buckets;
        this.entries =
                entries.all().stream().filter(entry -> isChosen(entry.name())).toList();
        this.file = home.resolve("verify.json");
        this.line = line;
        this.progress = progress;
        this.ledgerId = database.ledgerId();
        this.from = options.resume()
                ? Checkpoint.load(
                        file,
                        options.scope(),
                        buckets.known().stream().map(this::label).toList(),
                        "verification")
                : new Checkpoint(options.scope(), "", "", 0, 0, Map.of());
        counts.putAll(from.counts());
        tally.goOn(from.objects(), from.read());
        this.left = new ArrayDeque<>(buckets.known());
        this.first = from.bucket().isEmpty() ? label(left.element()) : from.bucket();
        while (!label(left.element()).equals(first)) {
            left.remove();
        }
        this.ledger = new LedgerReader(database);
    }

    /** Of which rows are compared: none when an interrupted verification goes on, which has done that. */
    public List<Entry> entriesToCompare() {
        return options.resume() ? List.of() : entries;
    }

    void findUnknownPointers(Entry entry) {
        entry.verify()
                .unknown()
                .filter(sql -> options.run().isEmpty())
                .ifPresent(sql -> ledger.each(
                        sql,
                        parameters(entry),
                        row -> found(pointer(
                                Kind.POINTER_WITHOUT_LEDGER, entry, row, "no transfer has put this link there"))));
    }

    void findLostPointers(Entry entry) {
        ledger.each(
                entry.verify().lost(),
                parameters(entry),
                row -> found(
                        pointer(Kind.LEDGER_WITHOUT_POINTER, entry, row, "the row has another value, or is gone")));
    }

    void checkRecords(Entry entry) {
        entry.verify()
                .checks()
                .forEach((check, queries) -> queries.forEach(query -> ledger.each(
                        query, parameters(entry), row -> found(pointer(Kind.of(check), entry, row, check.meaning())))));
    }

    /** What a sweep should have dealt with. Asked once, and not where only some entries are compared. */
    void findStuckMedia() {
        if (comparesAll() && !options.resume()) {
            ledger.stuckMedia(stuck -> found(new Finding(
                    Kind.STUCK_MEDIUM.label(), ObjectOwner.MEDIA, stuck.id(), stuck.key(), stuck.detail())));
        }
    }

    /** Multipart uploads of the bucket that is open, of which no session knows. */
    void findForgottenUploads() {
        if (comparesAll() && bucket != null && media.takesUploads(buckets, left.element())) {
            new ForgottenUploads(bucket, ledger, media.arriving(), started.minus(UNDER_WAY)).each(this::found);
        }
    }

    private boolean comparesAll() {
        return options.run().isEmpty() && options.fields().isEmpty();
    }

    private Map<String, Object> parameters(Entry entry) {
        return Map.of(
                "entry", entry.name(),
                "run", options.run().orElse(0),
                "ours", buckets.addresses().likePatterns().toArray(String[]::new));
    }

    /** True while a bucket is left to be compared. */
    public boolean hasBucket() {
        return !left.isEmpty();
    }

    /** True while the bucket that is open may have more keys, or the ledger may. */
    public boolean hasPage() {
        return hasPage;
    }

    void openBucket() {
        StorageSettings storage = left.element();
        bucket = Bucket.open(storage, REQUESTS + 1);
        adoptions = options.claim() ? new Adoptions(storage, ledgerId, REQUESTS) : null;
        String after = label(storage).equals(first) ? from.key() : "";
        String inLedger = buckets.inLedger(storage);
        Optional<List<String>> folders = Folders.of(entries, comparesAll() ? media : media.none(), buckets, storage);
        boolean wholeRun = options.run().isEmpty();
        List<String> listed = folders.map(known -> comparesAll() && media.takesUploads(buckets, storage)
                        ? Folders.with(known, media.arriving())
                        : known)
                .orElse(List.of(""));
        walk = new ObjectWalk(
                ledger.owners(options.run().orElse(0), inLedger, after),
                wholeRun ? bucket.list(listed, after) : Collections.emptyIterator(),
                after);
        comparison = new Comparison(
                options,
                new Comparison.Sides(bucket, adoptions, ledger, ledgerId.toString(), inLedger),
                key -> wholeRun && (folders.isPresent() || key.startsWith(media.arriving())),
                media.arriving(),
                started.minus(UNDER_WAY),
                tally,
                page::add);
        hasPage = true;
    }

    /** Goes on side by side until there is enough to ask the store for. */
    void readPage() {
        int steps = 0;
        while (hasPage && page.size() < PAGE && steps < STEPS) {
            hasPage = walk.step(comparison);
            steps++;
        }
    }

    /** Has the store say what neither ledger nor listing can. */
    void askStore() {
        try {
            requests.all(page).forEach(answer -> answer.ifPresent(asked::add));
        } finally {
            page.clear();
        }
    }

    /** Names what was found, and notes how far it is. */
    void record() {
        asked.forEach(this::found);
        asked.clear();
        new Checkpoint(options.scope(), label(left.element()), walk.position(), tally.objects(), tally.read(), counts)
                .save(file);
        progress.accept(tally.objects());
    }

    void closeBucket() {
        hasPage = false;
        if (adoptions != null) {
            adoptions.close();
            adoptions = null;
        }
        if (bucket != null) {
            bucket.close();
            bucket = null;
        }
        left.remove();
    }

    /** True when the bucket is one that was configured once: nothing new goes there. */
    boolean mayBeLeftOut() {
        return !left.isEmpty() && buckets.isFormer(left.element());
    }

    void leaveOut(Throwable cause) {
        StorageSettings storage = left.element();
        asked.forEach(this::found);
        asked.clear();
        page.clear();
        closeBucket();
        if (ledger.owners(0, buckets.inLedger(storage), "").hasNext()) {
            found(new Finding(
                    Kind.UNREACHABLE_STORE.label(),
                    "",
                    "",
                    storage.bucketAddress().toString(),
                    cause.getMessage()));
        }
    }

    VerifyReport report() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new VerifyReport(
                tally.objects(), tally.read(), tally.theirs(), tally.claimed(), counts, List.copyOf(findings));
    }

    private String label(StorageSettings storage) {
        return buckets.clientName(buckets.inLedger(storage));
    }

    private boolean isChosen(String entry) {
        return options.fields().isEmpty() || options.fields().contains(entry);
    }

    private static Finding pointer(Kind kind, Entry entry, Pointer pointer, String detail) {
        return new Finding(kind.label(), entry.name(), pointer.id(), pointer.value(), detail);
    }

    private void found(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        line.accept(finding);
        if (findings.size() < MOST_LISTED) {
            findings.add(finding);
        }
    }

    @Override
    public void close() {
        requests.close();
        if (hasBucket()) {
            closeBucket();
        }
        ledger.close();
    }
}
