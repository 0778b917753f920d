package dev.mediaferry.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.springframework.dao.DataAccessException;

/** Every way of writing a row, with either side, both or none, against what a reader of the rules expects. */
@Tag("slow")
class DualWriteTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    private static Engine engine;

    /** Storage rows of the organisation: 1 and 2 have keys of their own, 3 and 4 share one; x is of another organisation. */
    private static final List<String> ROWS = List.of(
            "('s1', 'k1', 'o')", "('s2', 'k2', 'o')", "('s3', 'k3', 'o')", "('s4', 'k3', 'o')", "('x', 'kx', 'other')");

    private static final List<String> KEYS =
            List.of("k1", "k2", " k1 ", SeedTables.PUBLIC + "/k2?v=1", "k3", "kx", "gone", "");

    private static final List<String> IDS = List.of("s1", "s2", "s3");

    /** What a row holds. */
    record Sides(String key, String id) {

        @Override
        public String toString() {
            return (key == null ? "-" : "'" + key + "'") + "/" + (id == null ? "-" : id);
        }
    }

    /**
     * @param way how the row is written
     * @param before null for a row that is not there
     * @param key that the statement gives; {@link #UNSAID} when it names no such column
     */
    record Write(Way way, Sides before, String key, String id) {}

    enum Way {
        INSERT,
        COPY,
        UPDATE,
        UPSERT,
        MERGE
    }

    static final String UNSAID = "unsaid";

    @BeforeAll
    static void expand() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 10, 200);
        engine = SANDBOX.engine(SeedTables.POST_IMAGE);
        engine.references().expand("post-image");
    }

    @BeforeEach
    void rows() {
        SANDBOX.execute("delete from posts", "delete from storage");
        SANDBOX.execute("insert into storage (id, file_key, organization_id) values " + String.join(", ", ROWS));
    }

    @AfterAll
    static void leaveNothing() {
        SeedTables.create(SANDBOX, 10, 200);
    }

    static Stream<Way> ways() {
        return Stream.of(Way.values());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void agreesWithTheRules(Way way) throws SQLException, IOException {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (Write write : writes(way)) {
            SANDBOX.execute("delete from posts");
            if (write.before() != null) {
                put(write.before());
            }
            perform(write);
            Sides expected = expected(write);
            Sides found = found();
            tried++;
            if (!expected.equals(found)) {
                wrong.add(write + ": expected " + expected + ", found " + found);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(30);
    }

    private static List<Write> writes(Way way) {
        List<Sides> befores = way == Way.INSERT || way == Way.COPY
                ? Collections.singletonList(null)
                : List.of(
                        new Sides(null, null), new Sides("k1", "s1"), new Sides(" k1 ", "s1"), new Sides("gone", null));
        List<String> keys = new ArrayList<>(KEYS);
        keys.add(null);
        keys.add(UNSAID);
        List<String> ids = new ArrayList<>(IDS);
        ids.add(null);
        ids.add(UNSAID);
        List<Write> writes = new ArrayList<>();
        for (Sides before : befores) {
            for (String key : keys) {
                for (String id : ids) {
                    writes.add(new Write(way, before, key, id));
                }
            }
        }
        return writes;
    }

    /** The rules in another language: what changed speaks, the new side first. */
    private static Sides expected(Write write) {
        Sides before = write.before() == null ? new Sides(null, null) : write.before();
        String key = UNSAID.equals(write.key()) ? before.key() : write.key();
        String id = UNSAID.equals(write.id()) ? before.id() : write.id();
        // MERGE and upsert of a row that is there are updates.
        boolean newSpeaks = !Objects.equals(id, before.id());
        boolean oldSpeaks = !Objects.equals(key, before.key());
        if (newSpeaks) {
            return new Sides(keyOf(id), id);
        }
        return oldSpeaks ? new Sides(key, idOf(key)) : new Sides(key, id);
    }

    private static String keyOf(String id) {
        return id == null ? null : id.equals("s1") ? "k1" : id.equals("s2") ? "k2" : "k3";
    }

    private static String idOf(String key) {
        if (key == null) {
            return null;
        }
        String bare = key.strip();
        if (bare.startsWith(SeedTables.PUBLIC + "/")) {
            bare = bare.substring(SeedTables.PUBLIC.length() + 1).replaceAll("[?#].*", "");
        }
        return bare.equals("k1") ? "s1" : bare.equals("k2") ? "s2" : null;
    }

    private static void put(Sides sides) {
        SANDBOX.execute("insert into posts (id, organization_id) values ('p', 'o')");
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute(
                    "update posts set image_key = " + literal(sides.key()) + ", image_id = " + literal(sides.id()));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void perform(Write write) throws SQLException, IOException {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        if (!UNSAID.equals(write.key())) {
            columns.add("image_key");
            values.add(literal(write.key()));
        }
        if (!UNSAID.equals(write.id())) {
            columns.add("image_id");
            values.add(literal(write.id()));
        }
        String names = String.join("", columns.stream().map(name -> ", " + name).toList());
        String literals =
                String.join("", values.stream().map(value -> ", " + value).toList());
        List<String> sets = new ArrayList<>(List.of("content = 'c'"));
        for (int i = 0; i < columns.size(); i++) {
            sets.add(columns.get(i) + " = " + values.get(i));
        }
        String assignments = String.join(", ", sets);
        String excluded = String.join(
                "",
                columns.stream()
                        .map(name -> ", " + name + " = excluded." + name)
                        .toList());
        switch (write.way()) {
            case INSERT ->
                SANDBOX.execute(
                        "insert into posts (id, organization_id" + names + ") values ('p', 'o'" + literals + ")");
            case UPDATE -> SANDBOX.execute("update posts set " + assignments + " where id = 'p'");
            case UPSERT ->
                SANDBOX.execute("insert into posts (id, organization_id" + names + ") values ('p', 'o'" + literals
                        + ") on conflict (id) do update set content = 'c'" + proposed(excluded, columns, values));
            case MERGE ->
                SANDBOX.execute(
                        "merge into posts p using (values ('p')) v (id) on p.id = v.id when matched then update set "
                                + assignments);
            case COPY -> copy(columns, write);
        }
    }

    /** What an insert that becomes an update proposes has been through the trigger: a client that names one side gets that. */
    private static String proposed(String excluded, List<String> columns, List<String> values) {
        if (columns.size() < 2) {
            return excluded;
        }
        // Of both sides only one can be proposed: the plain values say what the client means.
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            plain.append(", ").append(columns.get(i)).append(" = ").append(values.get(i));
        }
        return plain.toString();
    }

    private static void copy(List<String> columns, Write write) throws SQLException, IOException {
        StringBuilder line = new StringBuilder("p\to");
        for (String column : columns) {
            String value = column.equals("image_key") ? write.key() : write.id();
            line.append('\t').append(value == null ? "\\N" : value);
        }
        try (Connection connection = SANDBOX.connect()) {
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            copy.copyIn(
                    "copy posts (id, organization_id"
                            + String.join(
                                    "",
                                    columns.stream().map(name -> ", " + name).toList()) + ") from stdin",
                    new StringReader(line.append('\n').toString()));
        }
    }

    private static String literal(String value) {
        return value == null ? "null" : "'" + value + "'";
    }

    private static Sides found() {
        return SANDBOX.sql()
                .sql("select image_key, image_id from posts where id = 'p'")
                .query((row, number) -> new Sides(row.getString(1), row.getString(2)))
                .single();
    }

    @Test
    void emptiesBothSidesWhenTheRowTheyLeadToIsDeleted() {
        SANDBOX.execute("insert into posts (id, organization_id, image_key) values ('p', 'o', 'k1')");

        SANDBOX.execute("delete from storage where id = 's1'");

        assertThat(found()).isEqualTo(new Sides(null, null));
    }

    @Test
    void refusesAnIdOfNothing() {
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> SANDBOX.execute(
                        "insert into posts (id, organization_id, image_id) values ('p', 'o', 'nothing')"))
                .withMessageContaining("mf_posts_image_id_fk");
    }

    @Test
    void followsATriggerOfTheApplicationThatWritesTheOldSide() {
        SANDBOX.execute(
                "create function standard() returns trigger language plpgsql as $$ begin new.image_key := coalesce(new.image_key, 'k2'); return new; end $$",
                "create trigger a_standard before insert on posts for each row execute function standard()");
        try {
            SANDBOX.execute("insert into posts (id, organization_id, content) values ('p', 'o', 'c')");

            assertThat(found()).isEqualTo(new Sides("k2", "s2"));
        } finally {
            SANDBOX.execute("drop trigger a_standard on posts", "drop function standard");
        }
    }

    @Test
    void countsWritesOfTheOldSideAndContradictions() {
        Counters counters = new Counters(
                engine.services().database(), engine.cases().references().table("post-image"));
        long writes = counters.oldWrites();
        long conflicts = counters.conflicts();

        SANDBOX.execute(
                "insert into posts (id, organization_id, image_key) values ('p', 'o', 'k1')",
                "update posts set image_key = 'k2'",
                "update posts set like_count = 5",
                "update posts set image_id = 's1'",
                "update posts set image_id = 's2', image_key = 'k2'",
                "update posts set image_id = 's1', image_key = 'gone'");

        assertThat(counters.oldWrites() - writes).isEqualTo(2);
        assertThat(counters.conflicts() - conflicts).isEqualTo(1);
        assertThat(found()).isEqualTo(new Sides("k1", "s1"));
    }

    @Test
    void letsAClientWriteThatMayReadNeitherTheOtherTableNorTheLedger() throws SQLException {
        SANDBOX.execute("create role writer", "grant select, insert, update on posts to writer");
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set role writer");
            statement.execute("set search_path = ''");
            statement.execute("insert into public.posts (id, organization_id, image_key) values ('p', 'o', 'k1')");

            assertThat(found()).isEqualTo(new Sides("k1", "s1"));
        } finally {
            SANDBOX.execute("drop owned by writer", "drop role writer");
        }
    }
}
