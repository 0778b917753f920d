package dev.mediaferry.archive;

import dev.mediaferry.archive.Neighbours.Use;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.verify.FileProof;
import dev.mediaferry.verify.FileProof.Claim;
import dev.mediaferry.verify.FileProof.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes local files whose objects are safe. Safe means: the row still leads to the object; the object was just read back
 * to its end, and its SHA-256 is that of the ledger; so is that of the file; every other row that has the file, in whichever
 * archive of the registry, leads to such an object, too; and no row waits for it.
 *
 * <p>A few files at a time are judged, and deleted at once. Between the two the store is asked once more, and then, in one
 * transaction that has their ledger rows and table rows locked, all that the database can say is looked at again; a file goes
 * only while it looks as it did when it was read.
 */
public final class Cleaning {

    private static final int PAGE = 500;

    /** Files that are judged before the first of them is deleted. */
    private static final int FEW = 50;

    private static final int MOST_LISTED = 100;

    /** Why a file stays whose row, or what the ledger knows of it, is no longer as it was, or is locked. */
    private static final String ROW_CHANGED = "row-changed";

    private static final String PENDING = "pending";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Buckets buckets;
    private final List<ArchiveTable> archives;
    private final Map<String, Long> kept = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private long deleted;
    private long bytes;
    private long gone;

    /** A row, where its file really lies, and what the file is of use for besides. */
    private record Candidate(ArchivedRow row, String name, Path file, Use use) {}

    private record Judged(Candidate candidate, Verdict verdict) {

        /** Why it stays, or null. */
        String reason() {
            return verdict.reason();
        }
    }

    /** @param archives of the registry, since they may share files */
    public Cleaning(Database database, Buckets buckets, List<ArchiveTable> archives) {
        this.sql = database.client();
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
        this.buckets = buckets;
        this.archives = List.copyOf(archives);
    }

    /** @param olderThan files of rows that were archived since are kept */
    public void clean(ArchiveTable table, Duration olderThan, boolean dryRun) {
        CacheFiles cache = new CacheFiles(table.archive().dir());
        Neighbours neighbours = new Neighbours(sql, archives, table);
        String before = Instant.now().minus(olderThan).toString();
        ArchivedPages pages = new ArchivedPages(sql, table, olderThan.isZero() ? "infinity" : before);
        try (FileProof proof = new FileProof(buckets)) {
            for (List<ArchivedRow> rows = pages.next(PAGE); !rows.isEmpty(); rows = pages.next(PAGE)) {
                List<Candidate> candidates = candidates(table, cache, neighbours, rows);
                for (int from = 0; from < candidates.size(); from += FEW) {
                    List<Candidate> few = candidates.subList(from, Math.min(candidates.size(), from + FEW));
                    List<Judged> judged = judge(table, proof, few);
                    if (dryRun) {
                        judged.forEach(one -> settle(one, one.reason()));
                    } else {
                        delete(table, proof, neighbours, judged);
                    }
                }
            }
        }
    }

    public CleanReport report(boolean dryRun) {
        return new CleanReport(dryRun, deleted, bytes, kept, gone, findings);
    }

    /** @return each file once that is there and that no row waits for */
    private List<Candidate> candidates(
            ArchiveTable table, CacheFiles cache, Neighbours neighbours, List<ArchivedRow> rows) {
        List<String> found = cache.find(rows.stream().map(ArchivedRow::wanted).toList());
        Map<Path, Candidate> byFile = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Optional<Path> file = Optional.ofNullable(found.get(i)).flatMap(name -> inside(table, name));
            if (file.isEmpty()) {
                gone++;
            } else {
                // The other rows of a file are judged with the first one.
                byFile.putIfAbsent(file.get(), new Candidate(rows.get(i), found.get(i), file.get(), Use.NONE));
            }
        }
        Map<Path, Use> uses = neighbours.uses(md5s(List.copyOf(byFile.values())));
        List<Candidate> candidates = new ArrayList<>();
        for (Candidate one : byFile.values()) {
            Use use = uses.get(one.file());
            if (use.needed()) {
                kept.merge(PENDING, 1L, Long::sum);
            } else {
                candidates.add(new Candidate(one.row(), one.name(), one.file(), use));
            }
        }
        return candidates;
    }

    private static Optional<Path> inside(ArchiveTable table, String name) {
        try {
            return Optional.of(LocalFiles.inside(table.archive().dir(), name));
        } catch (TransferException e) {
            // Its directory has gone meanwhile, or leads elsewhere: there is no such file of the cache.
            return Optional.empty();
        }
    }

    private static Map<Path, String> md5s(List<Candidate> candidates) {
        return candidates.stream()
                .collect(Collectors.toMap(
                        Candidate::file, candidate -> candidate.row().wanted().md5()));
    }

    private List<Judged> judge(ArchiveTable table, FileProof proof, List<Candidate> candidates) {
        List<Verdict> verdicts = proof.judge(
                candidates.stream().map(candidate -> claim(table, candidate)).toList());
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            judged.add(new Judged(candidates.get(i), verdicts.get(i)));
        }
        return judged;
    }

    private Claim claim(ArchiveTable table, Candidate candidate) {
        return new Claim(
                table.archive().dir(),
                candidate.name(),
                candidate.row().sha256(),
                candidate.row().sha256(),
                objects(candidate));
    }

    /** @return what the rows of a file lead to, as far as it is in our buckets */
    private Set<ObjectName> objects(Candidate candidate) {
        Set<ObjectName> objects = new HashSet<>();
        objects.add(candidate.row().object());
        candidate.use().targets().forEach(target -> buckets.named(target).ifPresent(objects::add));
        return objects;
    }

    /** What may take long is asked before the locks: a writer of these rows waits only while a few files go. */
    private void delete(ArchiveTable table, FileProof proof, Neighbours neighbours, List<Judged> judged) {
        List<Candidate> good = judged.stream()
                .filter(one -> one.reason() == null)
                .map(Judged::candidate)
                .toList();
        transaction.executeWithoutResult(status -> {
            Map<Path, Use> uses = neighbours.uses(md5s(good));
            Set<Long> locked = lock(table, good);
            for (Judged one : judged) {
                settle(one, one.reason() != null ? one.reason() : verdict(table, proof, one, uses, locked));
            }
        });
    }

    private Set<Long> lock(ArchiveTable table, List<Candidate> candidates) {
        return sql.sql(table.queries().lockSql().replace(":#", ":"))
                .param("entry", table.name())
                .param(
                        "ids",
                        candidates.stream()
                                .mapToLong(candidate -> candidate.row().transfer())
                                .toArray())
                .query(Long.class)
                .set();
    }

    /** @return null when the file was deleted, else why it stays */
    private String verdict(ArchiveTable table, FileProof proof, Judged judged, Map<Path, Use> uses, Set<Long> locked) {
        Candidate candidate = judged.candidate();
        Use use = uses.get(candidate.file());
        if (use.needed()) {
            return PENDING;
        }
        if (!locked.contains(candidate.row().transfer())
                || !candidate.use().targets().containsAll(use.targets())) {
            return ROW_CHANGED;
        }
        if (!proof.isStill(claim(table, candidate), judged.verdict())) {
            return FileProof.FILE_DIFFERS;
        }
        try {
            Files.deleteIfExists(candidate.file());
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + candidate.file(), e);
        }
    }

    private void settle(Judged judged, String reason) {
        ArchivedRow row = judged.candidate().row();
        if (reason == null) {
            deleted++;
            bytes += row.bytes();
            return;
        }
        kept.merge(reason, 1L, Long::sum);
        boolean bad = !reason.equals(PENDING) && !reason.equals(ROW_CHANGED);
        if (bad && findings.size() < MOST_LISTED) {
            findings.add(reason + "  " + row.id() + "  " + judged.candidate().name() + "  " + row.objectKey());
        }
    }
}
