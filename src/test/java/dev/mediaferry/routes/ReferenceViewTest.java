package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Columns get new names behind a view that has both, while applications of before and of after go on. */
@Tag("slow")
class ReferenceViewTest {

    private static final String NAME = "preview";
    private static final String REGISTRY =
            "references:\n  - { name: preview, table: LinkedInPostPreview, rename: { s3Key: imageKey, s3Url: imageUrl }, by: view }\n";
    private static final Map<String, String> ACCEPTED = Map.of("soak", "a test", "readers-unseen", "a test");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static ReferenceWork shared;

    private ReferenceWork work;

    @BeforeEach
    void begin() {
        SANDBOX.engine();
        SANDBOX.execute(
                "do $$ begin if (select relkind = 'v' from pg_class where relname = 'LinkedInPostPreview') then drop view \"LinkedInPostPreview\"; end if; end $$",
                "drop table if exists \"LinkedInPostPreview~table\" cascade");
        SeedTables.create(SANDBOX, 10, 10);
        SANDBOX.execute(
                "alter table \"LinkedInPostPreview\" add n int generated always as identity, add twice int generated always as (length(title) * 2) stored");
        shared = shared == null ? SANDBOX.keep(SANDBOX.engine(REGISTRY)).references() : shared;
        work = shared;
    }

    @Test
    void givesColumnsNewNamesWhileClientsOfBothNamesWrite() throws Exception {
        SANDBOX.execute(
                "create role reader nologin",
                "grant select, insert on \"LinkedInPostPreview\" to reader",
                "grant update (\"s3Key\") on \"LinkedInPostPreview\" to reader");
        String before = all("\"s3Key\", \"s3Url\"");
        ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        try {
            Thread old = client("s3Key", "s3Url", "old", errors, written, stop);
            assertThat(work.expand(NAME).steps())
                    .extracting(ReferenceStatus.Done::step)
                    .containsExactly("view");
            Thread fresh = client("imageKey", "imageUrl", "fresh", errors, written, stop);
            int already = written.get();
            Awaitility.await().until(() -> written.get() > already + 100);
            assertThat(work.expand(NAME).steps()).isEmpty();
            assertThat(work.backfill(NAME, OptionalLong.empty(), OptionalInt.empty())
                            .state())
                    .isEqualTo("filled");
            assertThat(work.verify(NAME, false).findings()).isEmpty();
            stop.set(true);
            old.join();
            fresh.join();
            assertThat(errors).isEmpty();
            stop.set(false);
            fresh = client("imageKey", "imageUrl", "after", errors, written, stop);
            int sofar = written.get();

            ReferenceReport retired = work.contract(NAME, ACCEPTED);

            assertThat(retired.refused()).isEmpty();
            assertThat(retired.steps()).extracting(ReferenceStatus.Done::step).contains("retire");
            Awaitility.await().until(() -> written.get() > sofar + 50);
            assertThat(work.revert(NAME, false).state()).isEqualTo("filled");
            assertThat(work.verify(NAME, false).findings()).isEmpty();
            work.contract(NAME, ACCEPTED);
            assertThat(work.finish(NAME).state()).isEqualTo("finished");
            assertThat(work.restore(NAME).state()).isEqualTo("retired");
            stop.set(true);
            fresh.join();
            assertThat(errors).isEmpty();
            assertThat(
                            texts(
                                    "select relkind::text from pg_class where relname like 'LinkedInPostPreview%' and relkind in ('r', 'v')"))
                    .containsExactly("r");
            SANDBOX.execute("delete from \"LinkedInPostPreview\" where title = 'new'");
            assertThat(work.revert(NAME, true).state()).isEqualTo("planned");
            assertThat(all("\"s3Key\", \"s3Url\"")).isEqualTo(before);
        } finally {
            stop.set(true);
            SANDBOX.execute("drop owned by reader", "drop role reader");
        }
    }

    /** What a view can do in a table's place, as PostgreSQL has it. */
    @Test
    void takesWhatApplicationsDoToTables() throws SQLException {
        SANDBOX.execute(
                "create role reader nologin",
                "grant select, insert on \"LinkedInPostPreview\" to reader",
                "grant update (\"s3Key\") on \"LinkedInPostPreview\" to reader",
                "alter table \"LinkedInPostPreview\" enable row level security",
                "create policy own on \"LinkedInPostPreview\" to reader using (id <> 'l2') with check (true)");
        try {
            assertThat(work.expand(NAME).refused()).isEmpty();
            try (Connection client = SANDBOX.connect();
                    Statement statement = client.createStatement()) {
                statement.execute(
                        "insert into \"LinkedInPostPreview\" (id, title, \"imageKey\", \"imageUrl\", n, twice) values ('l1', 'again', 'x', default, default, default)"
                                + " on conflict (id) do update set \"imageKey\" = excluded.\"imageKey\" returning \"s3Key\", \"imageKey\"");
                statement.execute("insert into \"LinkedInPostPreview\" values ('l9', 'by place', 'k', 'u')");
                statement.execute("select * from \"LinkedInPostPreview\" where id = 'l1' for update");
                statement.execute("set role reader");
                assertThat(statement.executeUpdate(
                                "update \"LinkedInPostPreview\" set \"imageKey\" = 'y' where id in ('l1', 'l2')"))
                        .as("row security holds for who asks")
                        .isEqualTo(1);
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> statement.execute("update \"LinkedInPostPreview\" set title = 'no'"))
                        .withMessageContaining("permission denied");
            }
            assertThat(
                            texts(
                                    "select \"s3Key\" || ' ' || \"imageKey\" from \"LinkedInPostPreview\" where id in ('l1', 'l9') order by id"))
                    .containsExactly("y y", "k k");
            assertThat(work.revert(NAME, false).state()).isEqualTo("planned");
        } finally {
            SANDBOX.execute("drop owned by reader", "drop role reader");
        }
    }

    @Test
    void refusesWhatAViewCannotDo() {
        SANDBOX.execute(
                "create function made() returns \"LinkedInPostPreview\" language sql as 'select null::\"LinkedInPostPreview\"'",
                "create publication feed for table \"LinkedInPostPreview\"",
                "create rule quiet as on delete to \"LinkedInPostPreview\" where old.id = 'l1' do also select 1");
        try {
            assertThat(work.expand(NAME).refused())
                    .extracting(Finding::clause)
                    .containsExactly("row-type", "publications", "rules");
            assertThat(texts("select relkind::text from pg_class where relname = 'LinkedInPostPreview'"))
                    .containsExactly("r");
        } finally {
            SANDBOX.execute(
                    "drop rule quiet on \"LinkedInPostPreview\"", "drop publication feed", "drop function made()");
        }
        work.expand(NAME);
        SANDBOX.execute(
                "create view above as select id, \"imageKey\" from \"LinkedInPostPreview\"",
                "create role reader nologin",
                "grant select on \"LinkedInPostPreview~table\" to reader");
        try {
            assertThat(work.verify(NAME, false).findings())
                    .extracting(Finding::clause)
                    .containsExactly("grants");
            SANDBOX.execute("revoke all on \"LinkedInPostPreview~table\" from reader");
            assertThat(work.verify(NAME, false).findings()).isEmpty();
            assertThat(work.contract(NAME, ACCEPTED).refused())
                    .extracting(Finding::clause)
                    .containsExactly("dependents");
            SANDBOX.execute("drop view above", "drop view \"LinkedInPostPreview\"");
            assertThat(work.verify(NAME, false).findings())
                    .extracting(Finding::clause)
                    .contains("view", "updatable");
        } finally {
            SANDBOX.execute(
                    "drop role reader",
                    "alter table \"LinkedInPostPreview~table\" rename to \"LinkedInPostPreview\"",
                    "update mediaferry.reference set state = 'planned'");
        }
        assertThat(SANDBOX.engine(
                                "hosts: [\"127.0.0.1\"]\nfields:\n  - { table: LinkedInPostPreview, column: title, folder: previews }\n"
                                        + REGISTRY)
                        .references()
                        .expand(NAME)
                        .refused())
                .extracting(Finding::clause)
                .containsExactly("registry");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(
                        REGISTRY + "  - { name: title, table: LinkedInPostPreview, rename: { title: heading } }\n"))
                .withMessageContaining("by: view takes the whole table behind a view");
    }

    private static Thread client(
            String key,
            String url,
            String name,
            ConcurrentLinkedQueue<String> errors,
            AtomicInteger written,
            AtomicBoolean stop) {
        Thread thread = new Thread(() -> {
            try (Connection connection = SANDBOX.connect();
                    Statement statement = connection.createStatement()) {
                for (int i = 0; !stop.get(); i++) {
                    statement.execute("insert into \"LinkedInPostPreview\" (id, title, \"" + key + "\", \"" + url
                            + "\", n) values ('" + name + i % 50
                            + "', 'new', 'k', default, default) on conflict (id) do update set \"" + key
                            + "\" = 'k" + i + "'");
                    statement.execute("select \"" + key + "\" from \"LinkedInPostPreview\" where id = 'l1'");
                    written.incrementAndGet();
                }
            } catch (SQLException e) {
                errors.add(name + ": " + e.getMessage());
            }
        });
        thread.start();
        return thread;
    }

    private static String all(String columns) {
        return SANDBOX.sql()
                .sql("select jsonb_agg(jsonb_build_array(id, title, n, twice, " + columns
                        + ") order by id)::text from \"LinkedInPostPreview\"")
                .query(String.class)
                .single();
    }

    private static List<String> texts(String query) {
        return SANDBOX.sql().sql(query).query(String.class).list();
    }
}
