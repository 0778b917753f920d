package dev.mediaferry.planning;

import dev.mediaferry.entry.ColumnQueries;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.link.StoredLink;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.plan.PlannedRow;
import dev.mediaferry.registry.Field;
import dev.mediaferry.run.Drift;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.PlanFollower;
import dev.mediaferry.run.ScanProgress;
import dev.mediaferry.storage.BucketUrls;
import dev.mediaferry.storage.Buckets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which rows of a column are to be moved, and under which keys. */
public final class ColumnPlanner implements Planner<SkippedRows, ColumnRow> {

    /** 36 to the power of 8: eight characters of a random name. */
    private static final long RANDOM_NAMES = 2_821_109_907_456L;

    /** Rows that a warning names. */
    private static final int MOST_NAMED = 20;

    private static final Logger LOG = LoggerFactory.getLogger(ColumnPlanner.class);

    private final Buckets buckets;
    private final BucketUrls ours;
    private final SecureRandom random = new SecureRandom();

    public ColumnPlanner(Buckets buckets) {
        this.buckets = buckets;
        this.ours = buckets.addresses();
    }

    /** @return parameters of {@link #valuesSql}: the next rows of the plan */
    public Map<String, Object> planned(FieldRun field) {
        List<PlannedRow> rows = field.following().orElseThrow().nextPage(ColumnQueries.SCAN_PAGE);
        return Map.of("ids", rows.stream().map(PlannedRow::id).toArray(String[]::new));
    }

    public String valuesSql(FieldRun field) {
        return field.column().queries().valuesSql();
    }

    /**
     * Compares planned rows with what the column says now.
     *
     * @param rows of {@link #valuesSql}
     * @return those that are as they were planned
     */
    private CandidatePage compare(FieldRun field, List<ColumnRow> rows) {
        PlanFollower following = field.following().orElseThrow();
        Map<String, ColumnRow> byId = new HashMap<>();
        rows.forEach(row -> byId.put(row.id(), row));
        KeyTemplate template = template(field);
        CandidatePage page = new CandidatePage(field, bucket(field), template.shared(), true);
        Instant now = Instant.now();
        for (PlannedRow row : following.page()) {
            ColumnRow found = byId.get(row.id());
            String source = found == null ? null : found.source();
            Optional<StoredLink> link = source == null ? Optional.empty() : parse(source);
            if (row.holds(source) && link.isPresent()) {
                add(field, page, template, row.id(), source, link.get(), now);
                page.made(found.made());
            } else if (found == null) {
                following.drifted(row, Drift.GONE);
            } else if (source != null && ours.contain(source)) {
                following.drifted(row, Drift.MIGRATED);
            } else {
                following.drifted(row, Drift.CHANGED);
                following.account(link.filter(other -> isWanted(field, other)).isPresent() ? 1 : 0);
            }
        }
        following.account(page.size());
        return page;
    }

    public String skippedSql(FieldRun field) {
        return field.column().queries().skippedSql();
    }

    public String pageSql(FieldRun field) {
        boolean first = field.census().lastId() == null;
        return field.run().options().force()
                ? field.column().queries().linkedSql(first)
                : field.column().queries().scanSql(first);
    }

    /** @return parameters of {@link #skippedSql} and {@link #pageSql} */
    @Override
    public Map<String, Object> parameters(FieldRun field) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", field.name());
        parameters.put("ours", ours.likePatterns().toArray(String[]::new));
        parameters.put("after", field.census().lastId());
        parameters.put("rows", field.chosenRows().toArray(String[]::new));
        return parameters;
    }

    @Override
    public void skipped(FieldRun field, List<SkippedRows> rows) {
        rows.forEach(row -> field.census().skip(row.skip(), row.rows()));
    }

    /** @param rows of {@link #pageSql}, or of {@link #valuesSql} while a plan is followed */
    @Override
    public CandidatePage examine(FieldRun field, List<ColumnRow> rows) {
        return field.followsPlan() ? compare(field, rows) : search(field, rows);
    }

    private CandidatePage search(FieldRun field, List<ColumnRow> rows) {
        KeyTemplate template = template(field);
        boolean counted = field.following().isPresent();
        CandidatePage page = new CandidatePage(field, bucket(field), template.shared(), !counted);
        Instant now = Instant.now();
        boolean chosen = !field.chosenRows().isEmpty();
        int allowed = field.run().options().force() ? field.run().takePermits(rows.size()) : rows.size();
        for (ColumnRow row : rows.subList(0, allowed)) {
            Optional<StoredLink> found = row.link() == null ? toBeMoved(field, row.source()) : parse(row.link());
            if (found.isPresent()) {
                add(field, page, template, row.id(), row.source(), found.get(), now);
                page.made(row.made());
                page.replaces(chosen ? row.position() : null);
            }
        }
        field.following().ifPresent(following -> following.see(page.size()));
        if (field.run().options().force()) {
            // They count when they are claimed.
            field.run().returnPermits(page.size());
        }
        boolean more = rows.size() == ColumnQueries.SCAN_PAGE && allowed == rows.size();
        if (chosen) {
            miss(field, rows, more);
        }
        field.census()
                .page(
                        rows.isEmpty()
                                ? field.census().lastId()
                                : rows.get(rows.size() - 1).next(),
                        more);
        return page;
    }

    /** Rows that were asked for, and that no transfer has moved whose link they still hold, are named and counted. */
    private static void miss(FieldRun field, List<ColumnRow> rows, boolean more) {
        List<String> ids = rows.stream().map(ColumnRow::id).toList();
        List<String> missed = field.census().without(ids, field.chosenRows());
        if (!more && !missed.isEmpty()) {
            field.census().skip("notMoved", missed.size());
            missed.stream()
                    .limit(MOST_NAMED)
                    .forEach(id -> LOG.warn(
                            "{} row {} is not moved again: it holds no link that the ledger has put there",
                            field.name(),
                            id));
        }
    }

    private void add(
            FieldRun field,
            CandidatePage page,
            KeyTemplate template,
            String id,
            String source,
            StoredLink found,
            Instant now) {
        Link mended = found.link();
        Instant deadline = field.column().field().deadlines().of(mended).orElse(null);
        String host = mended.host();
        if (page.queued() && !field.census().again()) {
            field.census().candidate(new ScanProgress.Candidate(id, host, deadline));
        }
        String requested = mended.uri().toString();
        page.add(
                id,
                source,
                requested.equals(source) ? null : requested,
                host,
                deadline == null ? null : deadline.toString(),
                key(field, template, id, now),
                repairs(found));
    }

    private KeyTemplate template(FieldRun field) {
        return field.column().field().key().orElse(buckets.standard().key());
    }

    /** As the ledger keeps it. */
    private String bucket(FieldRun field) {
        return buckets.inLedger(buckets.of(field.entry().bucket()));
    }

    private String key(FieldRun field, KeyTemplate template, String id, Instant now) {
        Field entry = field.column().field();
        return template.key(entry.folder(), entry.table(), entry.column(), id, now, randomName());
    }

    /** @return the link when it is one whose host the field names, and not ours already; else it is counted as skipped */
    private Optional<StoredLink> toBeMoved(FieldRun field, String source) {
        Optional<StoredLink> parsed = parse(source);
        if (field.census().again()) {
            return parsed.filter(link -> !ours.contain(link.link()) && isWanted(field, link));
        }
        Optional<ScanProgress.Skip> skip = skip(field, source, parsed);
        skip.ifPresent(reason -> field.census().skip(reason, 1));
        return skip.isPresent() ? Optional.empty() : parsed;
    }

    /** @return why a row with this value is left alone; empty when it is moved */
    Optional<ScanProgress.Skip> leftOut(FieldRun field, String source) {
        return skip(field, source, parse(source));
    }

    private Optional<ScanProgress.Skip> skip(FieldRun field, String source, Optional<StoredLink> parsed) {
        if (parsed.isPresent() ? ours.contain(parsed.get().link()) : ours.contain(source)) {
            return Optional.of(ScanProgress.Skip.OURS);
        }
        if (parsed.isEmpty()) {
            return Optional.of(ScanProgress.Skip.INVALID);
        }
        return isWanted(field, parsed.get()) ? Optional.empty() : Optional.of(ScanProgress.Skip.FOREIGN);
    }

    private static boolean isWanted(FieldRun field, StoredLink link) {
        return field.column().field().hosts().matches(link.link().host());
    }

    private static String repairs(StoredLink link) {
        return link.repairs().isEmpty() ? null : String.join(",", link.repairs());
    }

    private static Optional<StoredLink> parse(String text) {
        try {
            return Optional.of(StoredLink.parse(text));
        } catch (InvalidLinkException e) {
            return Optional.empty();
        }
    }

    private String randomName() {
        String name = Long.toString(Math.floorMod(random.nextLong(), RANDOM_NAMES), 36);
        return "0".repeat(8 - name.length()) + name;
    }
}
