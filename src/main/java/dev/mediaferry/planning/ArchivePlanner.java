package dev.mediaferry.planning;

import dev.mediaferry.archive.ArchiveRow;
import dev.mediaferry.archive.CacheFiles;
import dev.mediaferry.archive.CacheFiles.Wanted;
import dev.mediaferry.entry.ArchiveQueries;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScanProgress;
import dev.mediaferry.run.Watcher;
import dev.mediaferry.storage.BucketUrls;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.KeyCheck;
import dev.mediaferry.storage.KeyCheck.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which rows of an archive's table are to be archived, from which file, and under which key. */
public final class ArchivePlanner implements Planner<SkippedRows, ArchiveRow> {

    private final Buckets buckets;
    private final BucketUrls ours;
    private final LedgerId ledger;
    private final Runs runs;

    public ArchivePlanner(Buckets buckets, LedgerId ledger, Runs runs) {
        this.runs = runs;
        this.buckets = buckets;
        this.ledger = ledger;
        this.ours = buckets.addresses();
    }

    /** @throws ConfigurationException when the cache is not there, since all of its files would be missing */
    @Override
    public void begin(FieldRun field) {
        table(field).archive().checkCache();
    }

    public String skippedSql(FieldRun field) {
        return table(field).queries().skippedSql(field.run().options().force());
    }

    public String pageSql(FieldRun field) {
        boolean first = field.census().lastId() == null;
        return field.run().options().force()
                ? table(field).queries().archivedSql(first)
                : table(field).queries().scanSql(first);
    }

    /** @return parameters of {@link #skippedSql} and {@link #pageSql} */
    @Override
    public Map<String, Object> parameters(FieldRun field) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", field.name());
        parameters.put("ours", ours.likePatterns().toArray(String[]::new));
        parameters.put("after", field.census().lastId());
        return parameters;
    }

    @Override
    public void skipped(FieldRun field, List<SkippedRows> rows) {
        rows.forEach(row -> field.census().skip(row.skip(), row.rows()));
    }

    /** @param rows of {@link #pageSql} */
    @Override
    public CandidatePage examine(FieldRun field, List<ArchiveRow> rows) {
        ArchiveTable table = table(field);
        boolean force = field.run().options().force();
        CandidatePage page = new CandidatePage(field, buckets.inLedger(buckets.of(table.bucket())), true, true);
        int allowed = force ? field.run().takePermits(rows.size()) : rows.size();
        List<ArchiveRow> taken = rows.subList(0, allowed);
        List<Wanted> wanted = taken.stream().map(ArchiveRow::wanted).toList();
        CacheFiles cache = new CacheFiles(table.archive().dir());
        List<String> found = cache.find(wanted);
        // Known now, the key is complete when the row is claimed, and need not be written down once more.
        List<Optional<String>> extensions = cache.extensions(found);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            String key =
                    table.archive().key().key(taken.get(i).day(), wanted.get(i).md5());
            keys.add(extensions.get(i).map(known -> key.replace("{ext}", known)).orElse(key));
        }
        Map<String, String> occupied =
                field.run().options().dryRun() && !force ? occupied(table, keys, found) : Map.of();
        for (int i = 0; i < taken.size(); i++) {
            ArchiveRow row = taken.get(i);
            if (occupied.containsKey(keys.get(i))) {
                field.census().taken(occupied.get(keys.get(i)), found.get(i) + " -> " + keys.get(i));
                continue;
            }
            String source = row.md5() + (row.old() == null ? "" : " " + row.old());
            String file = found.get(i);
            field.census().candidate(new ScanProgress.Candidate(row.id(), HostLimits.LOCAL, null));
            page.add(
                    row.id(),
                    source,
                    file == null ? CacheFiles.expected(wanted.get(i)) : file,
                    HostLimits.LOCAL,
                    null,
                    keys.get(i),
                    null);
            if (file != null) {
                page.there();
            }
        }
        if (force) {
            // They count when they are claimed.
            field.run().returnPermits(page.size());
        }
        boolean more = rows.size() == ArchiveQueries.SCAN_PAGE && allowed == rows.size();
        field.census()
                .page(
                        rows.isEmpty()
                                ? field.census().lastId()
                                : rows.get(rows.size() - 1).position(),
                        more);
        return page;
    }

    /** @return parameters of {@code revive-missing.sql} */
    public Map<String, Object> revival(CandidatePage page) {
        Map<String, Object> parameters = page.parametersOfThose();
        parameters.put("dryRun", page.field().run().options().dryRun());
        return parameters;
    }

    /**
     * What a dry run would revive, the ledger holds back still.
     *
     * @param rows of {@code revive-missing.sql}
     */
    public void revived(CandidatePage page, long rows) {
        FieldRun field = page.field();
        if (field.run().options().dryRun() && rows > 0) {
            field.census().leave(TransferState.DEAD.label(), -rows);
        }
    }

    /** @return true when somebody wants to see which files a dry run has found */
    public boolean lists(CandidatePage page) {
        return page.field().entry() instanceof ArchiveTable
                && page.field().run().options().dryRun()
                && runs.watcher() != Watcher.NOBODY;
    }

    /**
     * Shows the files of a page.
     *
     * @param rows of {@code held-transfers.sql}
     */
    public void list(CandidatePage page, List<HeldRow> rows) {
        page.tell(
                HeldRow.places(rows, row -> !"missing-file".equals(row.failure()) || !page.isThere(row.place())),
                runs.watcher());
    }

    /** @return why files cannot be stored, by their keys */
    private Map<String, String> occupied(ArchiveTable table, List<String> keys, List<String> found) {
        Map<String, Wish> wishes = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            if (found.get(i) != null && !KeyTemplate.isOpen(keys.get(i))) {
                wishes.putIfAbsent(
                        keys.get(i), new Wish(keys.get(i), table.archive().dir(), found.get(i), false));
            }
        }
        try (KeyCheck check = new KeyCheck(buckets, ledger)) {
            return check.taken(buckets.inLedger(buckets.of(table.bucket())), List.copyOf(wishes.values()));
        }
    }

    private static ArchiveTable table(FieldRun field) {
        return (ArchiveTable) field.entry();
    }
}
