package dev.mediaferry.console;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.observe.LiveHealth;
import dev.mediaferry.status.FieldGauge;
import dev.mediaferry.status.Gauges;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is counted over the whole ledger, beside the pages. */
final class Figures {

    /** A page comes without them rather than later. */
    private static final Duration PATIENCE = Duration.ofMillis(700);

    private static final int NEAREST = 8;

    private final JdbcClient database;
    private final Gauges gauges;
    private final Snapshot<Coverage> coverage;
    private final Snapshot<List<Group>> groups;
    private final Snapshot<List<LiveHealth.Check>> health;

    /** How far the entries are, and which links end soon. */
    public record Coverage(List<EntryCoverage> entries, List<DeadlineDay> days, List<Nearest> nearest) {

        public long moved() {
            return sum(EntryCoverage::moved);
        }

        public long bytes() {
            return sum(EntryCoverage::bytes);
        }

        public long pending() {
            return sum(EntryCoverage::pending);
        }

        public long waiting() {
            return sum(EntryCoverage::waiting);
        }

        public long dead() {
            return sum(EntryCoverage::dead);
        }

        public long atRisk() {
            return sum(EntryCoverage::atRisk);
        }

        private long sum(ToLongFunction<EntryCoverage> part) {
            return entries.stream().mapToLong(part).sum();
        }
    }

    /** @param bytes in the bucket that the entry's rows lead to */
    public record EntryCoverage(
            String entry, long moved, long bytes, long pending, long waiting, long dead, long atRisk) {

        public long all() {
            return moved + pending + waiting + dead;
        }

        /** @return the part that was moved, in percent, rounded down; 100 only when that is all */
        public long percent() {
            return all() == 0 ? 0 : 100 * moved / all();
        }
    }

    /** Links that end on one day (UTC). */
    public record DeadlineDay(Instant day, long links) {}

    /** A link that ends soon. */
    public record Nearest(long id, String entry, String rowKey, String host, Instant deadline) {}

    /** Dead letters that have failed alike. */
    public record Group(String failure, String host, String entry, long letters, Instant first, Instant last) {

        public FailureKind kind() {
            return FailureKind.ofLabel(failure);
        }
    }

    private record Moved(String entry, long transfers, long bytes) {}

    /**
     * @param counting counts over the ledger, one after the other
     * @param asking asks what the process needs, which may not answer for long
     */
    Figures(Operations operations, Executor counting, Executor asking) {
        this.database = operations.database().client();
        this.gauges = operations.gauges();
        this.coverage = new Snapshot<>(this::countEntries, counting);
        this.groups = new Snapshot<>(this::countGroups, counting);
        this.health = new Snapshot<>(operations.health()::all, asking);
    }

    /** @return whether what the process needs is there, as it was asked last */
    Optional<Snapshot.Taken<List<LiveHealth.Check>>> health() {
        return latest(health);
    }

    Optional<Snapshot.Taken<Coverage>> coverage() {
        return latest(coverage);
    }

    Optional<Snapshot.Taken<List<Group>>> groups() {
        return latest(groups);
    }

    /** Somebody has acted: what was counted before is another now. */
    void outdate() {
        coverage.outdate();
        groups.outdate();
    }

    private static <T> Optional<Snapshot.Taken<T>> latest(Snapshot<T> snapshot) {
        try {
            return snapshot.latest(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Coverage countEntries() {
        Map<String, Moved> moved =
                database.sql(Database.statement("console-moved")).query(new RecordMapper<>(Moved.class)).list().stream()
                        .collect(Collectors.toMap(Moved::entry, Function.identity()));
        return new Coverage(
                gauges.all().stream()
                        .map(gauge -> coverage(gauge, moved.get(gauge.field())))
                        .toList(),
                database.sql(Database.statement("console-deadline-days"))
                        .query(new RecordMapper<>(DeadlineDay.class))
                        .list(),
                database.sql(Database.statement("console-nearest-deadlines"))
                        .param("most", NEAREST)
                        .query(new RecordMapper<>(Nearest.class))
                        .list());
    }

    private static EntryCoverage coverage(FieldGauge gauge, Moved moved) {
        return new EntryCoverage(
                gauge.field(),
                moved == null ? 0 : moved.transfers(),
                moved == null ? 0 : moved.bytes(),
                gauge.pending(),
                gauge.waiting(),
                gauge.dead(),
                gauge.atRisk());
    }

    private List<Group> countGroups() {
        return database.sql(Database.statement("console-failure-groups"))
                .query(new RecordMapper<>(Group.class))
                .list();
    }
}
