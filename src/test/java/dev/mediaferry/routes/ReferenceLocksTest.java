package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.BusyApplication;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What users feel of a change, beside what they feel of the plain statements that it replaces. */
@Tag("slow")
class ReferenceLocksTest {

    private static final String POST = "post-image";
    private static final int POSTS = 2_000;
    private static final int STORAGE = 1_000;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static ReferenceWork shared;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, POSTS, STORAGE);
        shared = shared == null
                ? SANDBOX.keep(SANDBOX.engine(SeedTables.POST_IMAGE)).references()
                : shared;
        work = shared;
    }

    @Test
    void addsAFifthAtMostOfWhatAPlainAlterAddsBehindALongReader() throws Exception {
        // Building one would wait for the reader, and keep nobody waiting for it.
        SANDBOX.execute("create index on storage (file_key)");
        double plain = p99BehindAReader(
                () -> SANDBOX.execute("alter table posts add column plain text"),
                "select count(*) from pg_locks where not granted and mode = 'AccessExclusiveLock' and relation = 'posts'::regclass");
        double ours = p99BehindAReader(
                () -> work.expand(POST),
                "select count(*) from mediaferry.reference_step where step = 'add-column' and blocked_by is not null");

        assertThat(plain).isGreaterThan(1_000);
        assertThat(ours).as("beside %.0f ms of a plain alter", plain).isLessThan(plain / 5);
    }

    /** @return p99 of writes in milliseconds while a change is held up for two seconds by a transaction that has read the table */
    private static double p99BehindAReader(Runnable change, String heldUp) throws Exception {
        try (Connection reader = SANDBOX.connect();
                Statement statement = reader.createStatement();
                BusyApplication users = BusyApplication.ofBefore(SANDBOX, 2, POSTS, STORAGE)) {
            Awaitility.await().until(() -> users.writes() > 50);
            reader.setAutoCommit(false);
            statement.executeQuery("select count(*) from posts");
            CompletableFuture<Void> changing = CompletableFuture.runAsync(change);
            Awaitility.await().until(() -> number(heldUp) == 1);
            users.p99Millis();
            Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            reader.commit();
            changing.get();
            // Those who stood behind it are counted when they are through.
            long written = users.writes();
            Awaitility.await().until(() -> users.writes() > written + 4);
            return users.p99Millis();
        }
    }

    @Test
    void buildsIndexesWhileAnOldSnapshotIsOpenElsewhereAndNobodyWaits() throws Exception {
        try (Connection reader = SANDBOX.connect();
                Statement statement = reader.createStatement();
                BusyApplication users = BusyApplication.ofBefore(SANDBOX, 2, POSTS, STORAGE)) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.executeQuery("select count(*) from \"user\"");
            CompletableFuture<ReferenceReport> expanding = CompletableFuture.supplyAsync(() -> work.expand(POST));
            Awaitility.await()
                    .until(() ->
                            number("select count(*) from pg_stat_progress_create_index where phase ~ 'waiting'") == 1);
            long written = users.writes();
            Awaitility.await().until(() -> users.writes() > written + 300);

            assertThat(expanding).isNotDone();
            reader.commit();
            assertThat(expanding.get().state()).isEqualTo("expanded");
            assertThat(users.errors()).isEmpty();
        }
    }

    @Test
    void neverDeadlocksWithUsersWhoTakeTheRowsTheOtherWayRound() throws Exception {
        work.expand(POST);
        try (Storm storm = new Storm()) {
            // A plain update locks the post and, by its foreign key, the storage row: the server has to end one of
            // them.
            Awaitility.await()
                    .until(() -> isEndedByADeadlock(PLAIN) || !storm.errors().isEmpty());
        }
        try (Storm storm = new Storm()) {
            for (int i = 0; i < 8; i++) {
                long turns = storm.turns();
                SANDBOX.execute(EMPTY);
                work.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
                Awaitility.await()
                        .until(() ->
                                storm.turns() > turns + 20 || !storm.errors().isEmpty());
            }
            assertThat(storm.errors()).isEmpty();
        }
        work.backfill(POST, OptionalLong.empty(), OptionalInt.of(100));
        assertThat(number("select count(*) from posts where id = any (" + Storm.HOT + ") and image_id is null"))
                .isZero();
    }

    private static final String PLAIN =
            "update posts p set image_id = s.id from storage s where s.file_key = p.image_key and p.id = any ("
                    + Storm.HOT + ")";

    private static final String EMPTY =
            "set session_replication_role = replica; update posts set image_id = null where id = any (" + Storm.HOT
                    + ")";

    private static boolean isEndedByADeadlock(String update) throws SQLException {
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(EMPTY);
            statement.execute("set session_replication_role = origin");
            statement.execute(update);
            return false;
        } catch (SQLException e) {
            if ("40P01".equals(e.getSQLState())) {
                return true;
            }
            throw e;
        }
    }

    /** Users who take a storage row first and then the post that names it, all the time, of a few. */
    private static final class Storm implements AutoCloseable {

        static final String HOT =
                "array(select id from posts where image_key ~ '^k[0-9]+[.]jpg$' and image_key not in ('k13.jpg') and id < 'p000060' and exists (select from storage s where s.file_key = image_key and s.organization_id = posts.organization_id) order by id)";
        private static final int USERS = 4;

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong turns = new AtomicLong();
        private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        private final List<CompletableFuture<Void>> users = new ArrayList<>();

        Storm() {
            for (int i = 0; i < USERS; i++) {
                int seed = i;
                users.add(CompletableFuture.runAsync(() -> run(seed)));
            }
        }

        private void run(int seed) {
            Random random = new Random(seed);
            while (!over.get()) {
                try (Connection connection = SANDBOX.connect();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    while (!over.get()) {
                        String hot = "(select (" + HOT + ")[" + (1 + random.nextInt(20)) + "])";
                        statement.execute(
                                "select 1 from storage where file_key = (select image_key from posts where id = " + hot
                                        + ") for update");
                        statement.execute("update posts set like_count = like_count + 1 where id = " + hot);
                        connection.commit();
                        turns.incrementAndGet();
                    }
                } catch (SQLException e) {
                    errors.add(e.getSQLState() + " " + e.getMessage());
                }
            }
        }

        long turns() {
            return turns.get();
        }

        List<String> errors() {
            return List.copyOf(errors);
        }

        @Override
        public void close() {
            over.set(true);
            users.forEach(CompletableFuture::join);
        }
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
