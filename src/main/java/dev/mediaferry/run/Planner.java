package dev.mediaferry.run;

import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.link.StoredLink;
import dev.mediaferry.plan.PlannedRow;
import dev.mediaferry.registry.Column;
import dev.mediaferry.registry.Field;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.KeyTemplate;
import dev.mediaferry.storage.OurAddresses;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which rows of a column are to be moved, and under which keys. */
public final class Planner {

    /** 36 to the power of 8: eight characters of a random name. */
    private static final long RANDOM_NAMES = 2_821_109_907_456L;

    /** Rows that a warning names. */
    private static final int MOST_NAMED = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Planner.class);

    private final Buckets buckets;
    private final OurAddresses ours;
    private final SecureRandom random = new SecureRandom();

    public Planner(Buckets buckets) {
        this.buckets = buckets;
        this.ours = buckets.addresses();
    }

    /** @return true while the column has pages that were not looked at */
    public boolean hasMore(FieldRun field) {
        return !field.census().scanned() && !field.run().stopping();
    }

    /** @return true until the first page was looked at for the first time, unless the run is about chosen rows */
    public boolean isAtStart(FieldRun field) {
        return field.census().lastId() == null
                && !field.census().again()
                && field.chosenRows().isEmpty()
                && field.following().map(Following::isAtStart).orElse(true);
    }

    /** @return true while there are rows of a plan that were not looked at */
    public boolean followsPlan(FieldRun field) {
        return field.following().map(Following::hasRows).orElse(false);
    }

    /** @return the next rows of the plan */
    public List<PlannedRow> nextPlanned(FieldRun field) {
        return field.following().orElseThrow().page(Column.SCAN_PAGE);
    }

    /** What was counted of a page that did not get into the ledger is forgotten: it comes again. */
    public void beginPage(FieldRun field) {
        field.census().beginPage();
    }

    /** The page is in the ledger: from here on the next one comes. */
    public void pageDone(FieldRun field) {
        field.pageDone();
        field.following().ifPresent(Following::pageDone);
    }

    public String valuesSql(FieldRun field) {
        return field.column().valuesSql();
    }

    /** @return parameters of {@link #valuesSql} */
    public Map<String, Object> ids(List<PlannedRow> rows) {
        return Map.of("ids", rows.stream().map(PlannedRow::id).toArray(String[]::new));
    }

    /**
     * Holds planned rows against what the column says now.
     *
     * @param rows of {@link #valuesSql}
     * @return those that are as they were planned
     */
    public PlanPage compare(FieldRun field, List<PlannedRow> planned, List<Map<String, Object>> rows) {
        Following following = field.following().orElseThrow();
        Map<String, Map<String, Object>> byId = new HashMap<>();
        rows.forEach(row -> byId.put((String) row.get("id"), row));
        KeyTemplate template = template(field);
        PlanPage page = new PlanPage(field, bucket(field), template.shared(), true);
        Instant now = Instant.now();
        for (PlannedRow row : planned) {
            Map<String, Object> found = byId.get(row.id());
            String source = found == null ? null : (String) found.get("source");
            Optional<StoredLink> link = source == null ? Optional.empty() : parse(source);
            if (row.holds(source) && link.isPresent()) {
                add(field, page, template, row.id(), source, link.get(), now);
                page.made((String) found.get("made"));
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
        return field.column().skippedSql();
    }

    public String pageSql(FieldRun field) {
        boolean first = field.census().lastId() == null;
        return field.run().options().force()
                ? field.column().linkedSql(first)
                : field.column().scanSql(first);
    }

    /** @return parameters of {@link #skippedSql} and {@link #pageSql} */
    public Map<String, Object> parameters(FieldRun field) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", field.name());
        parameters.put("ours", ours.likePatterns().toArray(String[]::new));
        parameters.put("after", field.census().lastId());
        parameters.put("rows", field.chosenRows().toArray(String[]::new));
        return parameters;
    }

    /** @param rows of {@link #skippedSql} */
    public void skipped(FieldRun field, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            Census.Skip reason = Census.Skip.valueOf(((String) row.get("skip")).toUpperCase(Locale.ROOT));
            field.census().skip(reason, ((Number) row.get("rows")).longValue());
        }
    }

    /** @param rows of {@link #pageSql} */
    public PlanPage examine(FieldRun field, List<Map<String, Object>> rows) {
        KeyTemplate template = template(field);
        boolean counted = field.following().isPresent();
        PlanPage page = new PlanPage(field, bucket(field), template.shared(), !counted);
        Instant now = Instant.now();
        boolean chosen = !field.chosenRows().isEmpty();
        int allowed = field.run().options().force() ? field.run().takePermits(rows.size()) : rows.size();
        for (Map<String, Object> row : rows.subList(0, allowed)) {
            String id = (String) row.get("id");
            String source = (String) row.get("source");
            String link = (String) row.get("link");
            Optional<StoredLink> found = link == null ? toBeMoved(field, source) : parse(link);
            if (found.isPresent()) {
                add(field, page, template, id, source, found.get(), now);
                page.made((String) row.get("made"));
                page.replaces(chosen ? ((Number) row.get("position")).longValue() : null);
            }
        }
        field.following().ifPresent(following -> following.see(page.size()));
        if (field.run().options().force()) {
            // They count when they are claimed.
            field.run().returnPermits(page.size());
        }
        boolean more = rows.size() == Column.SCAN_PAGE && allowed == rows.size();
        if (chosen) {
            miss(field, rows, more);
        }
        field.census().page(rows.isEmpty() ? field.census().lastId() : position(rows.get(rows.size() - 1)), more);
        return page;
    }

    /** Rows that were asked for, and that no transfer has moved whose link they still hold, are named and counted. */
    private static void miss(FieldRun field, List<Map<String, Object>> rows, boolean more) {
        List<String> ids = rows.stream().map(row -> (String) row.get("id")).toList();
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
            PlanPage page,
            KeyTemplate template,
            String id,
            String source,
            StoredLink found,
            Instant now) {
        Link mended = found.link();
        Instant deadline = field.column().field().deadlines().of(mended).orElse(null);
        String host = mended.host();
        if (page.queued() && !field.census().again()) {
            field.census().candidate(new Census.Candidate(id, host, deadline));
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

    /** @return true when the rows of a page go into the ledger */
    public boolean queues(FieldRun field, PlanPage page) {
        return page.queued() && !field.run().options().dryRun();
    }

    /** @param rows of a page that the ledger has taken as new */
    public void inserted(PlanPage page, int rows) {
        page.inserted(rows);
    }

    /** @return true when rows of a page have joined those that are being moved, which may have been some of them */
    public boolean joins(FieldRun field, PlanPage page) {
        return field.census().again() && page.inserted() > 0;
    }

    public String dropMovedSql(FieldRun field) {
        return field.column().dropMovedSql();
    }

    /** @param moved rows of {@link #dropMovedSql} */
    public void joined(FieldRun field, PlanPage page, int moved) {
        field.joined(page.inserted() - moved, page.hosts());
    }

    /**
     * @return false when the ledger has taken every row of a page as new, so that it holds none back; and when the column is
     *     read again: what was held back then is counted
     */
    public boolean hasKnown(FieldRun field, PlanPage page) {
        return page.inserted() < page.size() && !field.census().again();
    }

    /**
     * Counts what the ledger holds back of a page.
     *
     * @param rows of {@code known-transfers.sql}
     */
    public void known(FieldRun field, PlanPage page, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            String state = (String) row.get("state");
            boolean held = !state.equals("waiting") || Boolean.TRUE.equals(row.get("later"));
            long count = held ? ((Number) row.get("rows")).longValue() : 0;
            if (!page.queued()) {
                field.following().orElseThrow().see(-count);
                continue;
            }
            String reason = reason(state);
            switch (state) {
                case "dead", "rolled_back", "discarded" ->
                    field.census().leaveForGood(reason, count, ((Number) row.get("at_risk")).longValue());
                default -> field.census().leave(reason, count);
            }
            field.following().ifPresent(following -> following.held(reason, count));
        }
    }

    private static String reason(String state) {
        return switch (state) {
            case "rolled_back" -> "rolledBack";
            case "claimed" -> "elsewhere";
            default -> state;
        };
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
        Optional<Census.Skip> skip = skip(field, source, parsed);
        skip.ifPresent(reason -> field.census().skip(reason, 1));
        return skip.isPresent() ? Optional.empty() : parsed;
    }

    /** @return why a row with this value is left alone; empty when it is moved */
    Optional<Census.Skip> leftOut(FieldRun field, String source) {
        return skip(field, source, parse(source));
    }

    private Optional<Census.Skip> skip(FieldRun field, String source, Optional<StoredLink> parsed) {
        if (parsed.isPresent() ? ours.contain(parsed.get().link()) : ours.contain(source)) {
            return Optional.of(Census.Skip.OURS);
        }
        if (parsed.isEmpty()) {
            return Optional.of(Census.Skip.INVALID);
        }
        return isWanted(field, parsed.get()) ? Optional.empty() : Optional.of(Census.Skip.FOREIGN);
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

    private static String position(Map<String, Object> row) {
        Object position = row.get("position");
        return position == null ? (String) row.get("id") : position.toString();
    }

    private String randomName() {
        String name = Long.toString(Math.floorMod(random.nextLong(), RANDOM_NAMES), 36);
        return "0".repeat(8 - name.length()) + name;
    }
}
