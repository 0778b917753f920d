package dev.mediaferry.imports;

import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.entry.Category;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.registry.ImportCategory;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.verify.FileProof;
import dev.mediaferry.verify.FileProof.Claim;
import dev.mediaferry.verify.FileProof.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes or moves files of a folder that are imported and safe. Safe means: the file is the one that was stored; its object was just
 * read back to its end and is what the ledger says; its record is there and leads to that object; and no import is still to take
 * the file. Judged and taken away a few at a time, as the files of archives are.
 */
public final class FolderCleaning {

    private static final int PAGE = 500;

    /** Files that are judged before the first of them goes. */
    private static final int FEW = 50;

    private static final int MOST_LISTED = 100;
    private static final String PENDING = "pending";
    private static final String NOT_IMPORTED = "not-imported";
    private static final String ROW_CHANGED = "row-changed";

    /** Reasons that are nobody's fault. */
    private static final Set<String> FINE = Set.of(PENDING, NOT_IMPORTED, ROW_CHANGED, "recent");

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Buckets buckets;
    private final ImportJob importing;
    private final Path root;
    private final Optional<Path> moveTo;
    private final Map<String, Long> kept = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private final Set<Path> emptied = new TreeSet<>(Comparator.<Path>reverseOrder());
    private long cleaned;
    private long bytes;

    /** A file that was imported, and what the ledger and its record say. */
    private record Candidate(
            Category category,
            String path,
            long transfer,
            ObjectName object,
            String sha256,
            String fileSha256,
            long bytes) {}

    private record Judged(Candidate candidate, Verdict verdict) {}

    /**
     * @param archives of the registry, whose caches have a cleaning of their own
     * @param moveTo where the files go; empty to delete them
     */
    public FolderCleaning(
            Database database,
            Buckets buckets,
            List<ArchiveTable> archives,
            ImportJob importing,
            Optional<Path> moveTo) {
        this.sql = database.client();
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
        this.buckets = buckets;
        this.importing = importing;
        this.root = importing.options().folder();
        this.moveTo = moveTo;
        archives.stream()
                .filter(archive -> isOneIn(root, archive.archive().dir()))
                .findFirst()
                .ifPresent(archive -> {
                    throw new ConfigurationException(root + " has to do with the cache of the archive " + archive.name()
                            + ", whose files mediaferry archive clean deletes");
                });
        if (moveTo.filter(target -> isOneIn(root, target)).isPresent()) {
            throw new ConfigurationException("--move " + moveTo.get() + ": it must lie beside the folder " + root);
        }
        if (moveTo.filter(target -> Files.exists(target) && !Files.isDirectory(target))
                .isPresent()) {
            throw new ConfigurationException("--move " + moveTo.get() + ": it is no folder");
        }
    }

    /** @return true when one of the folders lies in the other, or is the other, by whatever links */
    private static boolean isOneIn(Path one, Path other) {
        Path first = real(one.toAbsolutePath().normalize());
        Path second = real(other.toAbsolutePath().normalize());
        return first.startsWith(second) || second.startsWith(first);
    }

    /** What is not there yet lies where its parent really is. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            return path.getParent() == null ? path : real(path.getParent()).resolve(path.getFileName());
        } catch (IOException e) {
            throw new ConfigurationException("cannot look at " + path + ": " + e.getMessage());
        }
    }

    /** @param olderThan files that were imported since are kept */
    public FolderCleanReport clean(Duration olderThan, boolean dryRun) {
        Instant before = Instant.now().minus(olderThan);
        try (FileProof proof = new FileProof(buckets);
                FolderScan scan = new FolderScan(root)) {
            List<FoundFile> page = new ArrayList<>();
            while (scan.hasNext()) {
                page.add(scan.next());
                if (page.size() == PAGE || !scan.hasNext()) {
                    List<Candidate> candidates = candidates(page, olderThan.isZero() ? null : before);
                    for (int from = 0; from < candidates.size(); from += FEW) {
                        few(proof, candidates.subList(from, Math.min(candidates.size(), from + FEW)), dryRun);
                    }
                    page.clear();
                }
            }
        }
        emptied.forEach(this::removeIfEmpty);
        return new FolderCleanReport(
                dryRun, moveTo.map(Path::toString).orElse(null), cleaned, bytes, kept, List.copyOf(findings));
    }

    /** @param before null when the age of an import does not matter */
    private List<Candidate> candidates(List<FoundFile> page, Instant before) {
        Map<String, List<String>> paths = new HashMap<>();
        for (FoundFile file : page) {
            Optional<Category> category = file.problem() == null ? category(file.path()) : Optional.empty();
            if (category.isPresent()) {
                paths.computeIfAbsent(category.get().name(), name -> new ArrayList<>())
                        .add(file.path());
            } else {
                keep(file.unseen() ? "unseen" : NOT_IMPORTED, file.path());
            }
        }
        List<Candidate> candidates = new ArrayList<>();
        for (Category category : importing.chosen()) {
            List<String> found = paths.getOrDefault(category.name(), List.of());
            if (!found.isEmpty()) {
                candidates.addAll(candidates(category, found, before));
            }
        }
        return candidates;
    }

    /** @return the chosen category that a run would count the file to */
    private Optional<Category> category(String path) {
        Optional<String> name = importing.plan().categories().stream()
                .filter(category -> category.path().match(path).isPresent())
                .map(ImportCategory::name)
                .findFirst();
        return importing.chosen().stream()
                .filter(category -> name.filter(category.name()::equals).isPresent())
                .findFirst();
    }

    private List<Candidate> candidates(Category category, List<String> paths, Instant before) {
        String[] names = paths.toArray(String[]::new);
        Set<String> pending = pending(names);
        Set<String> imported = new HashSet<>();
        List<Candidate> candidates = new ArrayList<>();
        sql.sql(category.queries().cleanSql())
                .param("entry", category.name())
                .param("paths", names)
                .query(row -> {
                    String path = row.getString("path");
                    imported.add(path);
                    Instant at = row.getTimestamp("updated").toInstant();
                    if (pending.contains(path)) {
                        keep(PENDING, path);
                    } else if (before != null && at.isAfter(before)) {
                        keep("recent", path);
                    } else if (!row.getBoolean("led")) {
                        keep("record-changed", path);
                    } else if (!row.getString("object_state").equals("present")) {
                        keep("object-of-others", path);
                    } else {
                        candidates.add(new Candidate(
                                category,
                                path,
                                row.getLong("id"),
                                new ObjectName(row.getString("bucket"), row.getString("object_key")),
                                row.getString("sha256"),
                                row.getString("file_sha256"),
                                row.getLong("bytes")));
                    }
                });
        paths.stream().filter(path -> !imported.contains(path)).forEach(path -> keep(NOT_IMPORTED, path));
        return candidates;
    }

    private void few(FileProof proof, List<Candidate> candidates, boolean dryRun) {
        List<Verdict> verdicts =
                proof.judge(candidates.stream().map(this::claim).toList());
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            judged.add(new Judged(candidates.get(i), verdicts.get(i)));
        }
        if (dryRun) {
            judged.forEach(one -> settle(one, one.verdict().reason()));
            return;
        }
        transaction.executeWithoutResult(status -> {
            Set<Long> locked = lock(judged);
            // What was read since may have taken long, and another import may have come to the folder meanwhile.
            Set<String> pending =
                    pending(judged.stream().map(one -> one.candidate().path()).toArray(String[]::new));
            judged.forEach(one -> settle(one, outcome(proof, one, locked, pending)));
        });
    }

    /** @return null when the file has gone, else why it stays */
    private String outcome(FileProof proof, Judged judged, Set<Long> locked, Set<String> pending) {
        if (judged.verdict().reason() != null) {
            return judged.verdict().reason();
        }
        if (pending.contains(judged.candidate().path())) {
            return PENDING;
        }
        return locked.contains(judged.candidate().transfer()) ? takeAway(proof, judged) : ROW_CHANGED;
    }

    private Claim claim(Candidate one) {
        return new Claim(root, one.path(), one.fileSha256(), one.sha256(), Set.of(one.object()));
    }

    /** @return those of the paths that an import is still to take */
    private Set<String> pending(String[] paths) {
        return new HashSet<>(sql.sql(Database.statement("import-pending"))
                .param("paths", paths)
                .query(String.class)
                .list());
    }

    private Set<Long> lock(List<Judged> judged) {
        Set<Long> locked = new HashSet<>();
        for (Category category : importing.chosen()) {
            long[] ids = judged.stream()
                    .filter(one -> one.verdict().reason() == null)
                    .map(Judged::candidate)
                    .filter(one -> one.category().equals(category))
                    .mapToLong(Candidate::transfer)
                    .toArray();
            if (ids.length > 0) {
                locked.addAll(sql.sql(category.queries().cleanLockSql())
                        .param("entry", category.name())
                        .param("ids", ids)
                        .query(Long.class)
                        .list());
            }
        }
        return locked;
    }

    /** @return null when the file has gone, else why it stays */
    private String takeAway(FileProof proof, Judged judged) {
        if (!proof.isStill(claim(judged.candidate()), judged.verdict())) {
            return FileProof.FILE_DIFFERS;
        }
        try {
            Path file = LocalFiles.inside(root, judged.candidate().path());
            if (moveTo.isPresent()) {
                Path target = moveTo.get().resolve(judged.candidate().path());
                Files.createDirectories(target.getParent());
                Files.move(file, target);
            } else {
                Files.delete(file);
            }
            emptied.add(root.resolve(judged.candidate().path()).getParent());
            return null;
        } catch (FileAlreadyExistsException e) {
            return "target-exists";
        } catch (NoSuchFileException | TransferException e) {
            return "file-gone";
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot take away " + judged.candidate().path(), e);
        }
    }

    private void settle(Judged judged, String reason) {
        if (reason == null) {
            cleaned++;
            bytes += judged.candidate().bytes();
        } else {
            keep(reason, judged.candidate().path());
        }
    }

    private void keep(String reason, String path) {
        kept.merge(reason, 1L, Long::sum);
        if (!FINE.contains(reason) && findings.size() < MOST_LISTED) {
            findings.add(reason + "  " + path);
        }
    }

    /** Folders that nothing but our files was in go with them; the folder of the backup itself stays. */
    private void removeIfEmpty(Path directory) {
        try {
            for (Path one = directory; !one.equals(root) && one.startsWith(root); one = one.getParent()) {
                if (Files.isSymbolicLink(one)) {
                    // Somebody has put it in the folder's place.
                    return;
                }
                Files.deleteIfExists(one);
            }
        } catch (DirectoryNotEmptyException e) {
            // Something else lies there.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the empty folder " + directory, e);
        }
    }
}
