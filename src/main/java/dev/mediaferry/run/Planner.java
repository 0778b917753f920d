package dev.mediaferry.run;

import dev.mediaferry.link.Deadlines;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.link.StoredLink;
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

/** Decides which rows of a column are to be moved, and under which keys. */
public final class Planner {

    /** 36 to the power of 8: eight characters of a random name. */
    private static final long RANDOM_NAMES = 2_821_109_907_456L;

    private final Buckets buckets;
    private final OurAddresses ours;
    private final SecureRandom random = new SecureRandom();

    public Planner(Buckets buckets) {
        this.buckets = buckets;
        this.ours = new OurAddresses(buckets.all());
    }

    /** @return true while the column has pages that were not looked at */
    public boolean hasMore(FieldRun field) {
        return !field.scanned() && !field.run().stopping();
    }

    /** @return true until the first page was looked at */
    public boolean isAtStart(FieldRun field) {
        return field.lastId() == null;
    }

    public String skippedSql(FieldRun field) {
        return field.column().skippedSql();
    }

    public String pageSql(FieldRun field) {
        boolean first = field.lastId() == null;
        return field.run().options().force()
                ? field.column().linkedSql(first)
                : field.column().scanSql(first);
    }

    /** @return parameters of {@link #skippedSql} and {@link #pageSql} */
    public Map<String, Object> parameters(FieldRun field) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", field.name());
        parameters.put("patterns", field.column().field().hosts().likePatterns().toArray(String[]::new));
        parameters.put("ours", ours.likePatterns().toArray(String[]::new));
        parameters.put("after", field.lastId());
        return parameters;
    }

    /** @param rows of {@link #skippedSql} */
    public void skipped(FieldRun field, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            FieldRun.Skip reason = FieldRun.Skip.valueOf(((String) row.get("skip")).toUpperCase(Locale.ROOT));
            field.skip(reason, ((Number) row.get("rows")).longValue());
        }
    }

    /** @param rows of {@link #pageSql} */
    public PlanPage examine(FieldRun field, List<Map<String, Object>> rows) {
        KeyTemplate template =
                field.column().field().key().orElse(buckets.standard().key());
        String bucket = buckets.inLedger(buckets.of(field.entry().bucket()));
        PlanPage page = new PlanPage(
                field.name(), bucket, template.shared(), field.run().horizon());
        Instant now = Instant.now();
        int allowed = field.run().options().force() ? field.run().takePermits(rows.size()) : rows.size();
        for (Map<String, Object> row : rows.subList(0, allowed)) {
            String id = (String) row.get("id");
            String source = (String) row.get("source");
            String link = (String) row.get("link");
            Optional<StoredLink> found = link == null ? toBeMoved(field, source) : parse(link);
            if (found.isPresent()) {
                Link mended = found.get().link();
                Instant deadline = Deadlines.of(mended).orElse(null);
                String host = mended.host();
                field.candidate(new FieldRun.Candidate(id, host, deadline));
                String requested = mended.uri().toString();
                page.add(
                        id,
                        source,
                        requested.equals(source) ? null : requested,
                        host,
                        deadline == null ? null : deadline.toString(),
                        key(field, template, id, now),
                        repairs(found.get()));
            }
        }
        if (field.run().options().force()) {
            // They count when they are claimed.
            field.run().returnPermits(page.size());
        }
        boolean more = rows.size() == Column.SCAN_PAGE && allowed == rows.size();
        field.page(rows.isEmpty() ? field.lastId() : position(rows.get(rows.size() - 1)), more);
        return page;
    }

    /**
     * Counts what the ledger holds back of a page.
     *
     * @param rows of {@code known-transfers.sql}
     */
    public void known(FieldRun field, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            long count = ((Number) row.get("rows")).longValue();
            String state = (String) row.get("state");
            switch (state) {
                case "dead", "rolled_back", "discarded" ->
                    field.leaveForGood(state, count, ((Number) row.get("at_risk")).longValue());
                case "waiting" -> field.leave("waiting", Boolean.TRUE.equals(row.get("later")) ? count : 0);
                default -> field.leave("elsewhere", count);
            }
        }
    }

    private String key(FieldRun field, KeyTemplate template, String id, Instant now) {
        Field entry = field.column().field();
        return template.key(entry.folder(), entry.table(), entry.column(), id, now, randomName());
    }

    /** @return the link when it is one whose host the field names, and not ours already; else it is counted as skipped */
    private Optional<StoredLink> toBeMoved(FieldRun field, String source) {
        Optional<StoredLink> parsed = parse(source);
        if (parsed.isPresent() ? ours.contain(parsed.get().link()) : ours.contain(source)) {
            field.skip(FieldRun.Skip.OURS, 1);
        } else if (parsed.isEmpty()) {
            field.skip(FieldRun.Skip.INVALID, 1);
        } else if (!field.column().field().hosts().matches(parsed.get().link().host())) {
            field.skip(FieldRun.Skip.FOREIGN, 1);
        } else {
            return parsed;
        }
        return Optional.empty();
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
