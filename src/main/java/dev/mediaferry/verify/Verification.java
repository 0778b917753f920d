package dev.mediaferry.verify;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.storage.Adoptions;
import dev.mediaferry.storage.Adoptions.Adoption;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Bucket.Listed;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Provenance;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
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
    private final AtomicLong theirs = new AtomicLong();
    private final AtomicLong claimed = new AtomicLong();
    private final LedgerId ledgerId;
    private final Deque<StorageSettings> left;
    private final Checkpoint from;
    private final String first;
    private final List<Finding> asked = new ArrayList<>();
    private Bucket bucket;
    private Adoptions adoptions;
    private ObjectWalk walk;
    private Comparison comparison;
    private boolean hasPage;
    private long objects;
    private long read;

    /**
     * @param entries all of the registry
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
            Path home,
            Consumer<Finding> line,
            Consumer<Long> progress) {
        this.options = options;
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
        objects = from.objects();
        read = from.read();
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
        Optional<List<String>> folders = Folders.of(entries, buckets, storage);
        boolean wholeRun = options.run().isEmpty();
        walk = new ObjectWalk(
                ledger.owners(options.run().orElse(0), inLedger, after),
                wholeRun ? bucket.list(folders.orElse(List.of("")), after) : Collections.emptyIterator(),
                after);
        comparison = new Comparison(bucket, adoptions, inLedger, wholeRun && folders.isPresent());
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
        new Checkpoint(options.scope(), label(left.element()), walk.position(), objects, read, counts).save(file);
        progress.accept(objects);
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
        return new VerifyReport(objects, read, theirs.get(), claimed.get(), counts, List.copyOf(findings));
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

    private final class Comparison implements ObjectWalk.Visitor {

        private final Bucket bucket;
        private final Adoptions adoptions;
        private final String inLedger;
        private final boolean foldersAreOurs;

        Comparison(Bucket bucket, Adoptions adoptions, String inLedger, boolean foldersAreOurs) {
            this.bucket = bucket;
            this.adoptions = adoptions;
            this.inLedger = inLedger;
            this.foldersAreOurs = foldersAreOurs;
        }

        @Override
        public void matched(ObjectOwner owner, Listed object) {
            if (!isAsked(owner)) {
                return;
            }
            objects++;
            boolean closely = ThreadLocalRandom.current().nextDouble(100) < options.sample();
            boolean sameTag =
                    owner.etag() == null || owner.etag().replace("\"", "").equals(object.etag());
            if (object.bytes() != owner.bytes()) {
                page.add(() -> confirmed(owner, owner.ofAnotherSize(object.bytes())));
            } else if (closely || !sameTag) {
                read++;
                page.add(() -> confirmed(
                        owner,
                        bucket.read(owner.key()).flatMap(owner::difference).orElse(null)));
            }
            if (adoptions != null && owner.own()) {
                page.add(() -> claim(owner));
            }
        }

        private Optional<Finding> claim(ObjectOwner owner) {
            Adoption adoption = adoptions.adopt(owner.id(), owner.key(), owner.bytes(), owner.etag(), owner.sha256());
            adoption.etag().ifPresent(etag -> {
                synchronized (ledger) {
                    ledger.adopted(owner, inLedger, etag);
                }
                claimed.incrementAndGet();
            });
            return confirmed(
                    owner,
                    adoption.refusal()
                            .map(why -> Finding.of(Kind.UNCLAIMED, owner, why))
                            .orElse(null));
        }

        /** Outside of the folders that were listed, or gone. */
        @Override
        public void unlisted(ObjectOwner owner) {
            if (!isAsked(owner)) {
                return;
            }
            objects++;
            boolean closely = ThreadLocalRandom.current().nextDouble(100) < options.sample();
            read += closely ? 1 : 0;
            page.add(() -> {
                Optional<Facts> facts = closely ? bucket.read(owner.key()) : bucket.head(owner.key());
                return confirmed(
                        owner,
                        facts.isEmpty()
                                ? Finding.of(Kind.MISSING_OBJECT, owner, "the bucket has no such object")
                                : owner.difference(facts.get()).orElse(null));
            });
        }

        @Override
        public void unowned(Listed object, boolean duplicate) {
            if (foldersAreOurs && object.modified().isBefore(started.minus(UNDER_WAY))) {
                page.add(() -> ofNobody(object, duplicate));
            }
        }

        private Optional<Finding> ofNobody(Listed object, boolean duplicate) {
            Optional<Provenance> says = bucket.provenance(object.key());
            if (says.isEmpty()) {
                return Optional.empty();
            }
            if (says.get()
                    .ledger()
                    .filter(id -> !id.equals(ledgerId.toString()))
                    .isPresent()) {
                theirs.incrementAndGet();
                return Optional.empty();
            }
            Kind kind = duplicate ? Kind.DUPLICATE : Kind.OBJECT_WITHOUT_OWNER;
            return Optional.of(new Finding(
                    kind.label(),
                    "",
                    "",
                    object.key(),
                    duplicate ? "a second object for one pointer" : "no transfer of the ledger owns it"));
        }

        private boolean isAsked(ObjectOwner owner) {
            return owner.expected() && isChosen(owner.entry());
        }

        /** Runs and rollbacks go on meanwhile: only what the ledger still says can be wrong. */
        private Optional<Finding> confirmed(ObjectOwner owner, Finding finding) {
            if (finding == null) {
                return Optional.empty();
            }
            synchronized (ledger) {
                return ledger.isUnchanged(owner, inLedger) ? Optional.of(finding) : Optional.empty();
            }
        }
    }
}
