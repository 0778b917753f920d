package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers and policies of the user's table have the last word on a row, and on that row only. */
@Tag("slow")
class RefusedRowsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private static final String BOTH = Sandbox.REGISTRY + "  - { table: Picture, column: url, folder: pictures }\n";

    @AfterEach
    void dropTriggers() {
        SANDBOX.execute(
                "drop function if exists meddle cascade",
                "alter table \"Photo\" disable row level security",
                "drop policy if exists see on \"Photo\"",
                "drop policy if exists change on \"Photo\"",
                "drop table if exists \"Picture\"");
    }

    @ParameterizedTest
    @CsvSource({
        "P0001, before", "PT403, before", "23514, after", "P0001, deferred",
        "40001, before", "55P03, after", "57014, deferred", "08001, before"
    })
    void putsAsideTheRowForWhichATriggerRaises(String state, String time) {
        raise(state, time);
        SANDBOX.execute("create table \"Picture\" (id text primary key, url text)");
        SANDBOX.sql()
                .sql("insert into \"Picture\" values ('p', ?)")
                .param(CDN.picture())
                .update();
        String old = CDN.picture();
        SANDBOX.photo("bad", old);
        SANDBOX.photo("good", CDN.picture());

        RunReport report = SANDBOX.engine(BOTH).migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(2);
        assertThat(report.dead()).isEqualTo(Map.of("row-refused", 1L));
        assertThat(SANDBOX.url("bad")).isEqualTo(old);
        assertThat(SANDBOX.transfer("bad").get("message")).asString().contains("not this one");
        assertObjectIsKnown("bad");
    }

    @ParameterizedTest
    @CsvSource({
        "before, new.url := old.url;, keeps the old value",
        "before, new.url := new.url || '?v=2';, makes another value of it",
        "after, update \"Photo\" set url = old.url where id = new.id;, keeps the old value",
        "deferred, update \"Photo\" set url = old.url where id = new.id;, keeps the old value"
    })
    void putsAsideTheRowWhoseNewValueATriggerReplaces(String time, String action, String message) {
        meddle(
                time,
                "if new.id = 'bad' and new.url is distinct from old.url and pg_trigger_depth() = 1 then " + action
                        + " end if; return new;");
        String old = CDN.picture();
        SANDBOX.photo("bad", old);
        SANDBOX.photo("good", CDN.picture());
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY);

        RunReport report = engine.migrate(RunOptions.ALL);
        RunReport next = engine.migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.outcome("bad")).isEqualTo("dead row-refused");
        assertThat(SANDBOX.transfer("bad").get("message")).asString().contains(message);
        assertThat(SANDBOX.url("bad")).isEqualTo(old);
        assertObjectIsKnown("bad");
        assertThat(next.found()).isZero();
        assertThat(CDN.requests()).isEqualTo(2);
    }

    @Test
    void putsAsideTheRowWhoseUpdateATriggerDrops() {
        meddle("before", "if new.id = 'bad' then return null; end if; return new;");
        SANDBOX.photo("bad", CDN.picture());
        SANDBOX.photo("good", CDN.picture());
        RunReport report = SANDBOX.migrate();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.outcome("bad")).isEqualTo("dead row-refused");
        assertThat(SANDBOX.transfer("bad").get("message")).asString().startsWith("its update changes nothing");
        assertObjectIsKnown("bad");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new.url := old.url; return new;",
                "return null;",
            })
    void saysOfNoRowThatItIsRestoredWhenATriggerPreventsIt(String action) {
        SANDBOX.photo("bad", CDN.picture());
        String old = CDN.picture();
        SANDBOX.photo("good", old);
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY);
        engine.migrate(RunOptions.ALL);
        String link = SANDBOX.url("bad");
        meddle("before", "if new.id = 'bad' then " + action + " end if; return new;");

        RollbackReport report = engine.rollback(everything());

        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.refused()).isEqualTo(1);
        assertThat(SANDBOX.url("good")).isEqualTo(old);
        assertThat(SANDBOX.url("bad")).isEqualTo(link);
        assertThat(SANDBOX.outcome("bad")).isEqualTo("linked");
    }

    @Test
    void tellsARowThatRowSecurityLetsNobodyUpdateFromALockedOne() {
        SANDBOX.engine();
        String[] ferry = ferry();
        SANDBOX.execute(
                "alter table \"Photo\" enable row level security",
                "create policy see on \"Photo\" for select using (true)",
                "create policy change on \"Photo\" for update using (id <> 'bad')");
        SANDBOX.photo("bad", CDN.picture());
        SANDBOX.photo("good", CDN.picture());

        RunReport report = SANDBOX.engine(Sandbox.REGISTRY, ferry).migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.outcome("bad")).isEqualTo("dead row-refused");
        assertThat(SANDBOX.transfer("bad").get("message")).asString().contains("row security");
        assertObjectIsKnown("bad");
    }

    @Test
    void refusesATableWhoseRowSecurityHidesAllRowsOrLetsUsUpdateNone() {
        SANDBOX.engine();
        String[] ferry = ferry();
        SANDBOX.execute("alter table \"Photo\" enable row level security");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, ferry))
                .withMessageContaining("registry line 3: Photo.url: row security hides all rows of Photo");
        SANDBOX.execute("create policy see on \"Photo\" for select using (true)");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, ferry))
                .withMessageContaining("row security of Photo has no policy that lets the database user update rows");
    }

    @Test
    void movesAndRestoresWhatHasMarksInItsName() {
        String table = "a#b?c:d{{e}}$1\"'%s\\";
        String quoted = '"' + table.replace("\"", "\"\"") + '"';
        SANDBOX.execute("drop table if exists " + quoted);
        SANDBOX.sql()
                .sql("create table " + quoted + " (\"i#d?:x\" text primary key, " + quoted + " text)")
                .update();
        String link = CDN.picture();
        SANDBOX.sql()
                .sql("insert into " + quoted + " values ('1', ?)")
                .param(link)
                .update();
        String name = table.replace("\\", "\\\\").replace("\"", "\\\"");
        Engine engine = SANDBOX.engine(
                """
                hosts: ["127.0.0.1"]
                fields: [{ table: "%1$s", column: "%1$s", id: "i#d?:x", folder: odd }]"""
                        .replace("%1$s", name));

        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        String sql = "select " + quoted + " from " + quoted;
        assertThat(SANDBOX.sql().sql(sql).query(String.class).single()).contains("/odd/1/");
        assertThat(engine.rollback(everything()).restored()).isEqualTo(1);
        assertThat(SANDBOX.sql().sql(sql).query(String.class).single()).isEqualTo(link);
    }

    @Test
    void movesAColumnOfANondeterministicCollation() {
        SANDBOX.execute(
                "create collation if not exists nobody_cares (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "create table \"Picture\" (id text collate nobody_cares primary key, url text collate nobody_cares)");
        SANDBOX.sql()
                .sql("insert into \"Picture\" values ('a', ?)")
                .param(CDN.picture())
                .update();
        Engine engine = SANDBOX.engine(
                """
                hosts: ["127.0.0.1"]
                fields: [{ table: Picture, column: url, folder: pictures }]""");
        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);
        assertThat(engine.rollback(everything()).restored()).isEqualTo(1);
    }

    @Test
    void endsOnlyTheFieldWhoseStatementsTheDatabaseRefuses() {
        SANDBOX.execute("create table \"Picture\" (id text primary key, url text)");
        Engine engine = SANDBOX.engine(BOTH);
        SANDBOX.execute("alter table \"Picture\" drop column url");
        SANDBOX.photo("1", CDN.picture());

        RunReport report = engine.migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.failed()).isTrue();
        assertThat(report.fields().get(0).failure()).isNull();
        assertThat(report.fields().get(1).failure())
                .startsWith("registry line 4: Picture.url: the database refuses a statement: ERROR: column ")
                .doesNotContain("went away", "\n");
    }

    @Test
    void saysWhatTheDatabaseRefusesWithoutAStackTrace() throws Exception {
        SANDBOX.execute("create table \"Picture\" (id text primary key, url text)");
        SANDBOX.sql()
                .sql("insert into \"Picture\" values ('p', ?)")
                .param(CDN.link((exchange, request) -> {
                    SANDBOX.execute("alter table \"Picture\" rename column url to link");
                    UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
                }))
                .update();
        SANDBOX.photo("1", CDN.picture());
        String home = "target/test-home/" + SANDBOX.bucketName() + "/refused";
        try (Program program = Program.start(SANDBOX.options(Path.of(home), BOTH, "home", home), "migrate")) {
            assertThat(program.await()).as(program.err()).isEqualTo(1);
            assertThat(program.out()).contains("row-refused 1");
            assertThat(program.err()).doesNotContain("went away", "\tat ");
        }
        assertThat(SANDBOX.url("1")).contains("/photos/1/");
        assertThat(SANDBOX.transfer("p").get("message")).asString().contains("column");
    }

    private static RollbackOptions everything() {
        return new RollbackOptions(
                OptionalLong.empty(), Optional.empty(), Optional.of(Instant.EPOCH), Optional.empty(), false, false);
    }

    private static void assertObjectIsKnown(String id) {
        assertThat(SANDBOX.transfer(id).get("object_state")).isIn("present", "unknown");
    }

    private static void raise(String state, String time) {
        meddle(
                time,
                "if new.id = 'bad' and new.url is distinct from old.url then raise exception 'not this one' using errcode = '"
                        + state + "'; end if; return new;");
    }

    /** @param time of the trigger: before, after or deferred */
    private static void meddle(String time, String body) {
        SANDBOX.execute(
                "create function meddle() returns trigger language plpgsql as $$ begin " + body + " end $$",
                time.equals("deferred")
                        ? "create constraint trigger meddle after update on \"Photo\" deferrable initially deferred"
                                + " for each row execute function meddle()"
                        : "create trigger meddle " + time
                                + " update on \"Photo\" for each row execute function meddle()");
    }

    /** @return settings of a database user that row security applies to */
    private static String[] ferry() {
        String name = "ferry_" + SANDBOX.bucketName();
        SANDBOX.execute(
                "do $$ begin create role " + name + " login password 'ferry';"
                        + " exception when duplicate_object then null; end $$",
                "grant usage on schema public, mediaferry to " + name,
                "grant all on all tables in schema mediaferry to " + name,
                "grant all on all sequences in schema mediaferry to " + name,
                "grant select, update on \"Photo\" to " + name);
        return new String[] {"database.user", name, "database.password", "ferry"};
    }
}
