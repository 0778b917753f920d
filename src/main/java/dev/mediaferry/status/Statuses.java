package dev.mediaferry.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.entry.Category;
import dev.mediaferry.entry.Column;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.planning.ColumnScan;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.video.FilmTools;
import dev.mediaferry.video.HeifTools;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds out how the fields and the categories of imports stand: reads columns and ledger, changes nothing. What is pending of
 * an import only its folder tells.
 */
public final class Statuses {

    private static final int LAST_RUNS = 5;

    /**
     * Transfers of one entry in one state.
     *
     * @param failure of dead letters, or of what is tried again; null without one
     * @param tried how many of them were tried
     * @param first when the oldest of them was planned
     */
    private record EntryState(TransferState state, String failure, long rows, long tried, Instant first) {}

    private final JdbcClient database;
    private final int lockSpace;
    private final List<Column> columns;
    private final List<Entry> categories;
    private final ColumnScan scan;
    private final ScheduleSettings schedule;
    private final Promises promises;
    private final Optional<FilmTools> films;
    private final Optional<HeifTools> pictures;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * @param films empty where the registry has nothing made of films
     * @param pictures empty where it has nothing made of pictures
     */
    public Statuses(
            Database database,
            Entries entries,
            Buckets buckets,
            ScheduleSettings schedule,
            Optional<FilmTools> films,
            Optional<HeifTools> pictures) {
        this.films = films;
        this.pictures = pictures;
        this.database = database.client();
        this.lockSpace = database.schema().lockSpace();
        this.columns = entries.columns();
        this.categories = entries.all().stream()
                .filter(entry -> entry instanceof Category)
                .toList();
        this.scan = new ColumnScan(database, buckets);
        this.schedule = schedule;
        this.promises = new Promises(this.database);
    }

    public Status all() {
        return new Status(
                Stream.concat(
                                columns.stream().map(this::of),
                                categories.stream().map(category -> of(new FieldRun(category), null)))
                        .toList(),
                claims(),
                pauses(),
                hosts(),
                runs(LAST_RUNS),
                FieldStatus.text(schedule.next(Instant.now()).orElse(null)),
                EventStatus.of(database),
                films.map(FilmTools::sentence).orElse(null),
                pictures.map(HeifTools::sentence).orElse(null));
    }

    /** @return the newest runs with their reports, newest first */
    public List<Status.RunStatus> runs(int most) {
        return database.sql(Database.statement("last-runs"))
                .param("most", most)
                .query((rs, row) -> new Status.RunStatus(
                        rs.getLong("id"),
                        text(rs.getTimestamp("started")),
                        text(rs.getTimestamp("finished")),
                        rs.getString("state"),
                        report(rs.getString("report"))))
                .list();
    }

    private List<ClaimStatus> claims() {
        return database.sql(Database.statement("claims-by-worker"))
                .param("space", lockSpace)
                .query((rs, row) -> new ClaimStatus(
                        rs.getInt("worker"),
                        rs.getString("host"),
                        rs.getObject("pid", Long.class),
                        rs.getLong("rows"),
                        text(rs.getTimestamp("since")),
                        rs.getBoolean("alive")))
                .list();
    }

    private List<PauseStatus> pauses() {
        return database.sql(Database.statement("store-pauses"))
                .query((rs, row) -> new PauseStatus(
                        rs.getString("bucket"),
                        text(rs.getTimestamp("since")),
                        rs.getString("reason"),
                        rs.getString("host"),
                        rs.getLong("pid")))
                .list();
    }

    private List<HostStatus> hosts() {
        return database.sql(Database.statement("held-hosts"))
                .query((rs, row) -> new HostStatus(
                        rs.getString("host"),
                        rs.getObject("rate", Double.class),
                        rs.getInt("concurrency"),
                        rs.getInt("strikes"),
                        text(rs.getTimestamp("shut_out_until")),
                        text(rs.getTimestamp("updated"))))
                .list();
    }

    /** Reads the whole column, page by page. */
    public FieldStatus of(Column column) {
        List<Promise> promised = new ArrayList<>();
        promised.add(promises.of(List.of(column.name())).getOrDefault(column.name(), Promise.NOTHING));
        FieldRun field = scan.of(column, horizon(), page -> {
            if (column.made().isPresent()) {
                promised.add(promises.unseen(page.parameters()));
            }
        });
        return of(field, promised.stream().reduce(Promise.NOTHING, Promise::plus));
    }

    /** @return rows of a column that hold a link which is to be moved, but for discarded ones, by what keeps them; none when all is done */
    public Map<String, Long> unmoved(Column column) {
        FieldRun field = scan.of(column, horizon(), page -> {});
        Map<String, Long> unmoved = new TreeMap<>(field.census().left());
        long held = unmoved.values().stream().mapToLong(Long::longValue).sum();
        unmoved.remove("discarded");
        unmoved.put("pending", field.census().candidates() - held);
        unmoved.values().removeIf(rows -> rows <= 0);
        return unmoved;
    }

    private Instant horizon() {
        return schedule.nextAfter(Instant.now());
    }

    private FieldStatus of(FieldRun field, Promise promise) {
        long migrated = 0;
        long tried = 0;
        Instant oldest = null;
        Map<String, Long> dead = new TreeMap<>();
        for (EntryState row : database.sql(Database.statement("entry-states"))
                .params(field.parameters())
                .query(new RecordMapper<>(EntryState.class))
                .list()) {
            switch (row.state()) {
                case LINKED -> migrated += row.rows();
                case DEAD -> dead.merge(row.failure(), row.rows(), Long::sum);
                case WAITING -> {
                    tried += row.tried();
                    oldest = oldest == null || row.first().isBefore(oldest) ? row.first() : oldest;
                }
                default -> {
                    // Under way, or over: neither pending nor done.
                }
            }
        }
        Map<String, Long> left = field.census().left();
        long held = left.getOrDefault(TransferState.DEAD.label(), 0L)
                + left.getOrDefault("rolledBack", 0L)
                + left.getOrDefault(TransferState.DISCARDED.label(), 0L)
                + left.getOrDefault("elsewhere", 0L);
        return new FieldStatus(
                field.name(),
                Math.max(0, field.census().candidates() - held - tried),
                migrated,
                tried,
                dead,
                FieldStatus.text(oldest),
                field.census().atRisk(),
                promise);
    }

    private JsonNode report(String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run's report is no JSON", e);
        }
    }

    private static String text(Timestamp timestamp) {
        return FieldStatus.text(timestamp == null ? null : timestamp.toInstant());
    }
}
