package dev.mediaferry.archive;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.ArchiveTable;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Buckets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes local files whose objects are safe. Safe means: the row still leads to the object; the object was just read back
 * to its end, and its SHA-256 is that of the ledger; so is that of the file; and no other row waits for the file.
 */
public final class Cleaning {

    private static final int PAGE = 500;
    private static final int MOST_LISTED = 100;

    private final JdbcClient sql;
    private final Buckets buckets;
    private final LocalFiles files = new LocalFiles(Long.MAX_VALUE);
    private final Map<String, Long> kept = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private long deleted;
    private long bytes;
    private long gone;

    /** A file that belongs to a row, and what is wrong with it; null when nothing is. */
    private record Judged(ArchivedRow row, String file, String reason) {}

    public Cleaning(Database database, Buckets buckets) {
        this.sql = database.client();
        this.buckets = buckets;
    }

    /** @param olderThan files of rows that were archived since are kept */
    public void clean(ArchiveTable table, Duration olderThan, boolean dryRun) {
        CacheFiles cache = new CacheFiles(table.archive().dir());
        String before = Instant.now().minus(olderThan).toString();
        ArchivedPages pages = new ArchivedPages(sql, table, olderThan.isZero() ? "infinity" : before);
        try (ObjectReader objects = new ObjectReader(buckets)) {
            for (List<ArchivedRow> rows = pages.next(PAGE); !rows.isEmpty(); rows = pages.next(PAGE)) {
                clean(table, cache, objects, rows, dryRun);
            }
        }
    }

    public CleanReport report(boolean dryRun) {
        return new CleanReport(dryRun, deleted, bytes, kept, gone, findings);
    }

    private void clean(
            ArchiveTable table, CacheFiles cache, ObjectReader objects, List<ArchivedRow> rows, boolean dryRun) {
        List<String> found = cache.find(rows.stream().map(ArchivedRow::wanted).toList());
        Set<String> pending = pending(table, rows);
        Map<String, ArchivedRow> byFile = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            String file = found.get(i);
            if (file == null) {
                gone++;
            } else if (pending.contains(rows.get(i).wanted().md5())) {
                kept.merge("pending", 1L, Long::sum);
            } else {
                byFile.putIfAbsent(file, rows.get(i));
            }
        }
        Map<ArchivedRow, String> names = new HashMap<>();
        byFile.forEach((file, row) -> names.put(row, file));
        for (Judged judged : objects.each(
                List.copyOf(byFile.values()), (reader, row) -> judge(table, reader, row, names.get(row)))) {
            if (judged.reason() == null) {
                delete(table, judged, dryRun);
            } else {
                kept.merge(judged.reason(), 1L, Long::sum);
                if (findings.size() < MOST_LISTED) {
                    findings.add(judged.reason() + "  " + judged.row().id() + "  " + judged.file() + "  "
                            + judged.row().key());
                }
            }
        }
    }

    private Set<String> pending(ArchiveTable table, List<ArchivedRow> rows) {
        return new HashSet<>(sql.sql(table.queries().pendingSql().replace(":#", ":"))
                .param("md5s", rows.stream().map(row -> row.wanted().md5()).toArray(String[]::new))
                .query(String.class)
                .list());
    }

    private Judged judge(ArchiveTable table, ObjectReader objects, ArchivedRow row, String file) {
        try (Content content = files.read(
                table.archive().dir(), file, Long.MAX_VALUE, EnumSet.allOf(MediaKind.class), Optional.empty())) {
            if (!content.sha256().equals(row.sha256())) {
                return new Judged(row, file, "file-differs");
            }
            Optional<Facts> facts = objects.read(row);
            if (facts.isEmpty()) {
                return new Judged(row, file, "object-missing");
            }
            boolean same = facts.get().sha256().filter(row.sha256()::equals).isPresent();
            return new Judged(row, file, same ? content.changed() ? "file-differs" : null : "object-differs");
        } catch (TransferException e) {
            return new Judged(row, file, e.kind() == FailureKind.MISSING_FILE ? "file-gone" : "file-differs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(ArchiveTable table, Judged judged, boolean dryRun) {
        Path file = LocalFiles.inside(table.archive().dir(), judged.file());
        try {
            if (dryRun || Files.deleteIfExists(file)) {
                deleted++;
                bytes += judged.row().bytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
