package dev.mediaferry.verify;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.entry.Verify;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.storage.Adoptions;
import dev.mediaferry.storage.Adoptions.Adoption;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Bucket.Listed;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Provenance;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.verify.Finding.Kind;
import dev.mediaferry.verify.LedgerReader.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Compares database, ledger and bucket. Changes nothing, but for what objects say of themselves when it is asked to claim them. */
public final class Verification implements AutoCloseable {

    /** Findings that a report names; the others are only counted. */
    private static final int MOST_LISTED = 1000;

    /** Objects that are asked for at the same time. */
    private static final int REQUESTS = 16;

    /** Requests that are gathered before they are sent, and positions between two notes of them. */
    private static final int PAGE = 500;

    /** Clocks of the store and of this machine may differ; what is younger may be under way. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(15);

    private final VerifyOptions options;
    private final Buckets buckets;
    private final List<Entry> entries;
    private final Path file;
    private final Consumer<Finding> line;
    private final Consumer<Long> progress;
    private final LedgerReader ledger;
    private final ExecutorService pool = Executors.newFixedThreadPool(REQUESTS);
    private final Instant started = Instant.now();
    private final List<Callable<Optional<Finding>>> page = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final AtomicLong theirs = new AtomicLong();
    private final AtomicLong claimed = new AtomicLong();
    private final LedgerId ledgerId;
    private long objects;
    private long read;

    /**
     * @param entries all of the registry
     * @param home where the position is kept
     * @param line receives each finding at once
     * @param progress receives how many objects have been compared
     */
    public Verification(
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
        this.ledger = new LedgerReader(database);
    }

    /** @throws ServiceUnreachableException when database or store went away; asked to resume, it goes on from there */
    public VerifyReport run() {
        Checkpoint from = new Checkpoint(options.scope(), "", "", 0, 0, Map.of());
        if (options.resume()) {
            from = Checkpoint.load(
                    file,
                    options.scope(),
                    buckets.known().stream().map(this::label).toList(),
                    "verification");
            counts.putAll(from.counts());
            objects = from.objects();
            read = from.read();
        } else {
            entries.forEach(this::comparePointers);
        }
        String first = from.bucket().isEmpty() ? label(buckets.standard()) : from.bucket();
        boolean reached = false;
        for (StorageSettings storage : buckets.known()) {
            boolean here = label(storage).equals(first);
            reached |= here;
            if (reached) {
                try (Bucket bucket = Bucket.open(storage, REQUESTS + 1);
                        Adoptions adoptions = options.claim() ? new Adoptions(storage, ledgerId, REQUESTS) : null) {
                    compareObjects(storage, bucket, adoptions, here ? from.key() : "");
                } catch (ConfigurationException | ServiceUnreachableException e) {
                    if (!buckets.isFormer(storage)) {
                        throw e;
                    }
                    page.clear();
                    if (!ledger.owners(0, buckets.inLedger(storage), "").hasNext()) {
                        continue;
                    }
                    found(new Finding(
                            Kind.UNREACHABLE_STORE.label(),
                            "",
                            "",
                            storage.bucketAddress().toString(),
                            e.getMessage()));
                }
            }
        }
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

    private void comparePointers(Entry entry) {
        Map<String, Object> parameters = Map.of(
                "entry", entry.name(),
                "run", options.run().orElse(0),
                "ours", buckets.addresses().likePatterns().toArray(String[]::new));
        Verify statements = entry.verify();
        statements
                .unknown()
                .filter(sql -> options.run().isEmpty())
                .ifPresent(sql -> ledger.each(
                        sql,
                        parameters,
                        row -> found(pointer(
                                Kind.POINTER_WITHOUT_LEDGER, entry, row, "no transfer has put this link there"))));
        ledger.each(
                statements.lost(),
                parameters,
                row -> found(
                        pointer(Kind.LEDGER_WITHOUT_POINTER, entry, row, "the row has another value, or is gone")));
        statements
                .checks()
                .forEach((check, queries) -> queries.forEach(query -> ledger.each(
                        query, parameters, row -> found(pointer(Kind.of(check), entry, row, check.meaning())))));
    }

    private boolean isChosen(String entry) {
        return options.fields().isEmpty() || options.fields().contains(entry);
    }

    private static Finding pointer(Kind kind, Entry entry, Pointer pointer, String detail) {
        return new Finding(kind.label(), entry.name(), pointer.id(), pointer.value(), detail);
    }

    private void compareObjects(StorageSettings storage, Bucket bucket, Adoptions adoptions, String after) {
        String inLedger = buckets.inLedger(storage);
        Optional<List<String>> folders = Folders.of(entries, buckets, storage);
        boolean wholeRun = options.run().isEmpty();
        ObjectWalk walk = new ObjectWalk(
                ledger.owners(options.run().orElse(0), inLedger, after),
                wholeRun ? bucket.list(folders.orElse(List.of("")), after) : Collections.emptyIterator(),
                after);
        Comparison comparison = new Comparison(bucket, adoptions, inLedger, wholeRun && folders.isPresent());
        int steps = 0;
        while (walk.step(comparison)) {
            steps++;
            if (steps % (PAGE * 10) == 0 || page.size() >= PAGE) {
                flush(label(storage), walk.position());
            }
        }
        flush(label(storage), walk.position());
    }

    private void flush(String bucket, String position) {
        try {
            for (Future<Optional<Finding>> answer : pool.invokeAll(page)) {
                answer.get().ifPresent(this::found);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachableException("interrupted; --resume goes on from here", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
        page.clear();
        new Checkpoint(options.scope(), bucket, position, objects, read, counts).save(file);
        progress.accept(objects);
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
        pool.shutdownNow();
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
