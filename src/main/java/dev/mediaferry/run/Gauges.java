package dev.mediaferry.run;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Category;
import dev.mediaferry.registry.Column;
import dev.mediaferry.registry.Entries;
import dev.mediaferry.registry.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How fields and categories of imports stand, from the ledger alone: what a run has found waits there. Only a column that no run has
 * searched to its end is read here, once.
 */
public final class Gauges {

    private final JdbcClient database;
    private final List<Entry> entries;
    private final Statuses statuses;
    private final ScheduleSettings schedule;
    private final Promises promises;
    private final Map<String, FieldStatus> looks = new HashMap<>();

    public Gauges(Database database, Entries entries, Statuses statuses, ScheduleSettings schedule) {
        this.database = database.client();
        this.entries = new ArrayList<>(entries.columns());
        entries.all().stream().filter(Category.class::isInstance).forEach(this.entries::add);
        this.statuses = statuses;
        this.schedule = schedule;
        this.promises = new Promises(this.database);
    }

    public synchronized List<FieldGauge> all() {
        Set<String> read = new HashSet<>(database.sql(Database.statement("read-fields"))
                .query(String.class)
                .list());
        // Looked at before the ledger: what is planned meanwhile counts once.
        Map<String, FieldStatus> unread = new HashMap<>();
        for (Entry entry : entries) {
            if (entry instanceof Column column && !read.contains(entry.name())) {
                unread.put(entry.name(), looks.computeIfAbsent(entry.name(), name -> statuses.of(column)));
            }
        }
        Map<String, FieldGauge> known = known();
        Map<String, Promise> promised = promises.of(entries.stream()
                .filter(Column.class::isInstance)
                .map(Entry::name)
                .toList());
        return entries.stream()
                .map(entry -> {
                    FieldGauge gauge = known.getOrDefault(entry.name(), none(entry.name()));
                    Promise promise = promised.getOrDefault(entry.name(), Promise.NOTHING);
                    FieldStatus look = unread.get(entry.name());
                    return look == null
                            ? gauge.with(promise)
                            : new FieldGauge(
                                    gauge.field(),
                                    Math.max(gauge.pending(), look.pending()),
                                    gauge.waiting(),
                                    gauge.dead(),
                                    Math.max(gauge.atRisk(), look.atRisk()),
                                    look.promise());
                })
                .toList();
    }

    private Map<String, FieldGauge> known() {
        Instant horizon = schedule.nextAfter(Instant.now());
        Map<String, FieldGauge> gauges = new HashMap<>();
        database.sql(Database.statement("gauge-states"))
                .param("entries", entries.stream().map(Entry::name).toArray(String[]::new))
                .param("horizon", horizon.equals(Instant.MAX) ? "infinity" : horizon.toString())
                .query((rs, row) -> {
                    long rows = rs.getLong("rows");
                    long untried = rs.getLong("untried");
                    boolean waiting = rs.getString("state").equals("waiting");
                    return new FieldGauge(
                            rs.getString("entry"),
                            untried,
                            waiting ? rows - untried : 0,
                            waiting ? 0 : rows,
                            rs.getLong("at_risk"),
                            Promise.NOTHING);
                })
                .list()
                .forEach(gauge -> gauges.merge(gauge.field(), gauge, Gauges::sum));
        return gauges;
    }

    private static FieldGauge sum(FieldGauge one, FieldGauge other) {
        return new FieldGauge(
                one.field(),
                one.pending() + other.pending(),
                one.waiting() + other.waiting(),
                one.dead() + other.dead(),
                one.atRisk() + other.atRisk(),
                Promise.NOTHING);
    }

    private static FieldGauge none(String field) {
        return new FieldGauge(field, 0, 0, 0, 0, Promise.NOTHING);
    }
}
