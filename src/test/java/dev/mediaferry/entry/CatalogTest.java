package dev.mediaferry.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.DatabaseSettings;
import dev.mediaferry.ledger.LedgerSchema;
import dev.mediaferry.registry.Field;
import dev.mediaferry.registry.RegistryFile;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class CatalogTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @BeforeAll
    static void createLedger() {
        Database.open(DatabaseSettings.of(SANDBOX.settings()).orElseThrow(), LedgerSchema.of(SANDBOX.settings()), 2)
                .migrate()
                .close();
    }

    @BeforeEach
    void createSchema() {
        SANDBOX.execute("drop schema if exists crm cascade", "create schema crm");
    }

    @AfterEach
    void dropTables() {
        SANDBOX.execute(
                "drop schema if exists crm cascade",
                "drop view if exists photo_view",
                "drop materialized view if exists photo_copy",
                "drop table if exists t, \"Odd \"\"Name\" cascade");
    }

    @Test
    void findsTheTableOfARegistryLine() {
        assertThat(resolve("Photo", "url"))
                .extracting(Column::name, Column::schema, Column::idType, Column::maxLength)
                .containsExactly("Photo.url", "public", IdType.TEXT, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "text, TEXT",
        "varchar(36), VARCHAR",
        "uuid, UUID",
        "smallint, INT2",
        "integer, INT4",
        "bigint, INT8",
        "serial, INT4"
    })
    void takesEveryTypeOfId(String type, IdType idType) {
        SANDBOX.execute("create table t (id " + type + " primary key, url text)");
        assertThat(resolve("t", "url").idType()).isEqualTo(idType);
    }

    @ParameterizedTest
    @CsvSource({"text, 0", "varchar, 0", "varchar(200), 200", "varchar(1), 1"})
    void knowsHowMuchFitsIntoTheColumn(String type, int maxLength) {
        SANDBOX.execute("create table t (id text primary key, url " + type + ")");
        assertThat(resolve("t", "url").maxLength()).isEqualTo(maxLength);
    }

    @Test
    void findsTheColumnThatSaysWhenALinkCame() {
        SANDBOX.execute("create table t (id text primary key, url text, made timestamp, at text)");
        assertThat(resolve(field(1, "t", "url", ", created: made")).made()).isPresent();
        assertRefused(
                SANDBOX.sql(),
                List.of(field(1, "t", "url", ", created: at"), field(2, "t", "url", ", created: mad")),
                "registry line 1: t.url: at is of type text, but must be timestamp, timestamptz or date",
                "registry line 2: t.url: table t has no column mad; did you mean made?");
    }

    @Test
    void suggestsTheTableThatWasMeant() {
        assertRefused("Photos", "url", "the database has no table Photos; did you mean Photo?");
        assertRefused("photo", "url", "the database has no table photo; did you mean Photo?");
        assertRefused("Invoice", "url", "the database has no table Invoice");
    }

    @Test
    void suggestsTheColumnThatWasMeant() {
        assertRefused("Photo", "URL", "table Photo has no column URL; did you mean url?");
        assertRefused("Photo", "thumbnail", "table Photo has no column thumbnail");
    }

    @Test
    void refusesAPublishedTableWhoseRowsHaveNoReplicaIdentity() {
        SANDBOX.execute(
                "create table t (id text unique, url text)",
                "create publication news for table t",
                "create publication births for table t with (publish = 'insert')");
        try {
            assertRefused(
                    "t",
                    "url",
                    "table t is published (news) and has no replica identity, so the database takes no updates; give it a"
                            + " primary key, or alter table … replica identity …");
            SANDBOX.execute("alter table t replica identity full");
            assertThat(resolve("t", "url").name()).isEqualTo("t.url");
            SANDBOX.execute("alter table t replica identity default", "alter table t add primary key (id)");
            assertThat(resolve("t", "url").name()).isEqualTo("t.url");
        } finally {
            SANDBOX.execute("drop publication news", "drop publication births");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"also insert into t_log values (1)", "instead nothing"})
    void refusesATableWithARuleOnUpdate(String action) {
        SANDBOX.execute(
                "create table t (id text primary key, url text)",
                "create table if not exists t_log (n int)",
                "create rule meddle as on update to t do " + action);
        assertRefused(
                "t",
                "url",
                "table t has a rule on update, meddle: the database takes no update there that says what it wrote; make it a"
                        + " trigger");
    }

    @Test
    void refusesATableThatOthersInheritFrom() {
        SANDBOX.execute(
                "create table t (id text primary key, url text)", "create table crm.child () inherits (public.t)");
        assertRefused(
                "t",
                "url",
                "other tables inherit from t, and no index keeps ids of all of them apart; name each of them on a line of its"
                        + " own, or make it a partitioned table");
    }

    @Test
    void knowsNoColumnThatWasDropped() {
        SANDBOX.execute("create table t (id text primary key, url text)", "alter table t drop column url");
        assertRefused("t", "url", "table t has no column url");
    }

    @Test
    void takesTheTableOnTheSearchPath() {
        SANDBOX.execute("create table crm.\"Photo\" (id integer primary key, url text)");
        assertThat(resolve("Photo", "url").schema()).isEqualTo("public");
        assertThat(resolve("crm.Photo", "url"))
                .extracting(Column::name, Column::schema, Column::idType)
                .containsExactly("crm.Photo.url", "crm", IdType.INT4);
    }

    @Test
    void suggestsTheSchemaOfATableOutsideTheSearchPath() {
        SANDBOX.execute("create table crm.t (id text primary key, url text)");
        assertRefused("t", "url", "the database has no table t; did you mean crm.t?");
        assertRefused("cmr.t", "url", "the database has no table t; did you mean crm.t?");
    }

    @Test
    void takesNamesAsTheDatabaseSpellsThem() {
        SANDBOX.execute("create table \"Odd \"\"Name\" (\"ID\" text primary key, \"Picture URL\" text)");
        Column column = resolve(field(1, "'Odd \"Name'", "Picture URL", ", id: ID"));
        assertThat(column.name()).isEqualTo("Odd \"Name.Picture URL");
        assertThat(SANDBOX.sql()
                        .sql(column.queries().skippedSql().replace(":#", ":"))
                        .param("patterns", new String[] {"%"})
                        .param("ours", new String[] {"s3://"})
                        .query()
                        .listOfRows())
                .isEmpty();
    }

    @Test
    void needsAColumnThatTellsRowsApart() {
        SANDBOX.execute("create table t (uid text primary key, url text)");
        assertRefused(
                "t",
                "url",
                "table t has no column id to tell its rows apart; name the unique one with id: …; did you mean uid?");
        assertThat(resolve(field(1, "t", "url", ", id: uid")).idType()).isEqualTo(IdType.TEXT);
    }

    @Test
    void refusesAnIdOfAnotherType() {
        SANDBOX.execute("create table t (id timestamptz primary key, url text)");
        assertRefused("t", "url", "id column id is of type timestamptz, but must be text, varchar, uuid or an integer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "create table t (id text, url text); create index on t (url)",
                "create table t (id text, url text); create index on t (id)",
                "create table t (id text, tenant text, url text); create unique index on t (id, tenant)",
                "create table t (id text, url text); create unique index on t (id) where url is not null",
                "create table t (id text, url text); create unique index on t (lower(id))",
            })
    void refusesAnIdThatTwoRowsMayHave(String table, String index) {
        SANDBOX.execute(table, index);
        assertRefused(
                "t",
                "url",
                "id column id is not unique: one link could be written to many rows; it needs a primary key or unique index");
    }

    @Test
    void takesAUniqueIndexThatIncludesOtherColumns() {
        SANDBOX.execute(
                "create table t (id text, tenant text, url text)", "create unique index on t (id) include (tenant)");
        assertThat(resolve("t", "url").idType()).isEqualTo(IdType.TEXT);
    }

    @Test
    void refusesViews() {
        SANDBOX.execute(
                "create view photo_view as select * from \"Photo\"",
                "create materialized view photo_copy as select * from \"Photo\"");
        assertRefused("photo_view", "url", "photo_view is no table but a view or the like; name the table behind it");
        assertRefused("photo_copy", "url", "photo_copy is no table but a view or the like; name the table behind it");
    }

    @Test
    void refusesAGeneratedColumn() {
        SANDBOX.execute(
                "create table t (id text primary key, path text, url text generated always as ('https://a/' || path) stored)");
        assertRefused("t", "url", "url is generated by the database, nothing can be written to it");
    }

    @ParameterizedTest
    @CsvSource({"jsonb, jsonb", "text[], _text", "char(200), bpchar", "integer, int4"})
    void refusesAColumnThatHoldsNoText(String type, String name) {
        SANDBOX.execute("create table t (id text primary key, url " + type + ")");
        assertRefused("t", "url", "url is of type " + name + ", but must be text or varchar");
    }

    @Test
    void takesAPartitionedTable() {
        SANDBOX.execute(
                "create table t (id integer primary key, url text) partition by range (id)",
                "create table crm.t1 partition of t for values from (0) to (10)");
        assertThat(resolve("t", "url").idType()).isEqualTo(IdType.INT4);
    }

    @Test
    void refusesWhatTheDatabaseUserMayNotDo() throws Exception {
        SANDBOX.execute(
                "create table t (id text primary key, url text, thumb text)",
                "drop role if exists ferry_guest",
                "create role ferry_guest");
        try (Connection connection = SANDBOX.connect()) {
            JdbcClient guest = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            guest.sql("set role ferry_guest").update();
            assertRefused(
                    guest,
                    List.of(field(1, "t", "url", "")),
                    "registry line 1: t.url: the database user may not read table t; grant select and update");
            SANDBOX.execute(
                    "grant select on t to ferry_guest",
                    "grant update (thumb) on t to ferry_guest",
                    "grant usage on schema mediaferry to ferry_guest",
                    "grant select, update on all tables in schema mediaferry to ferry_guest");
            assertRefused(
                    guest,
                    List.of(field(1, "t", "url", "")),
                    "registry line 1: t.url: the database user may not update url; grant update on it");
            assertThat(Catalog.resolve(List.of(field(1, "t", "thumb", "")), guest))
                    .hasSize(1);
        } finally {
            SANDBOX.execute("drop owned by ferry_guest", "drop role ferry_guest");
        }
    }

    @Test
    void namesAllProblemsAtOnce() {
        SANDBOX.execute("create table t (id text, url jsonb)");
        assertRefused(
                SANDBOX.sql(),
                List.of(
                        field(1, "Photo", "url", ""),
                        field(2, "Photos", "url", ""),
                        field(3, "Photo", "ur", ""),
                        field(4, "t", "url", "")),
                "registry line 2: Photos.url: the database has no table Photos; did you mean Photo?",
                "registry line 3: Photo.ur: table Photo has no column ur; did you mean url?",
                "registry line 4: t.url: id column id is not unique: one link could be written to many rows; it needs a primary key or unique index",
                "registry line 4: t.url: url is of type jsonb, but must be text or varchar");
    }

    @Test
    void keepsTheOrderOfTheRegistry() {
        SANDBOX.execute("create table t (id text primary key, url text)");
        assertThat(Catalog.resolve(List.of(field(1, "t", "url", ""), field(2, "Photo", "url", "")), SANDBOX.sql()))
                .extracting(Column::name)
                .containsExactly("t.url", "Photo.url");
    }

    private static Column resolve(String table, String column) {
        return resolve(field(1, table, column, ""));
    }

    private static Column resolve(Field field) {
        List<Column> columns = Catalog.resolve(List.of(field), SANDBOX.sql());
        assertThat(columns).hasSize(1);
        return columns.get(0);
    }

    private static void assertRefused(String table, String column, String problem) {
        assertRefused(
                SANDBOX.sql(),
                List.of(field(7, table, column, "")),
                "registry line 7: " + table + "." + column + ": " + problem);
    }

    private static void assertRefused(JdbcClient database, List<Field> fields, String... problems) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Catalog.resolve(fields, database))
                .withMessage(String.join(System.lineSeparator(), problems));
    }

    /** @param more properties of the line */
    private static Field field(int line, String table, String column, String more) {
        String text = "\n".repeat(line - 1) + "fields: [{ table: " + table + ", column: " + column + ", folder: f"
                + more + " }]";
        return RegistryFile.parse("r.yaml", text).fields().get(0);
    }
}
