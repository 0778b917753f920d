package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files of a folder, each kind of trouble on its own. */
class ImportRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private static Path directory;

    private static Engine engine;
    private static String registry;
    private static int folders;

    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        SANDBOX.execute(
                "create table shop (id int primary key, owner text)",
                """
                create table picture (id uuid primary key, shop int, owner text, "object key" text, url varchar(200), note text,
                  kind text, size int, first boolean, made timestamptz, check (note is distinct from 'shops/bad'))""");
        Files.writeString(directory.resolve("shops.csv"), "old,new\r\n\"s,1\",1\r\ns2,2\r\ns3,3\r\n");
        registry =
                """
                imports:
                  - name: shops
                    maps:
                      shops: { file: %s, from: old, to: new, table: shop }
                    categories:
                      - name: pictures
                        path: "shops/{shop}/{name}"
                        skip:
                          - { part: name, values: [skipped], reason: "nobody wants it" }
                        ids:
                          newShop: { map: shops, of: shop }
                        folder: shop-pictures
                        key: "{newShop}/{name}.{ext}"
                        max-bytes: 2MB
                        record:
                          table: picture
                          columns:
                            id: "{uuid}"
                            shop: "{newShop}"
                            owner: { query: "select owner from shop where id = {newShop}::int" }
                            object key: "{key}"
                            url: "{url}"
                            note: "shops/{name}"
                            kind: "it's :#a? 'quoted' \\\\ constant"
                            size: "{bytes}"
                            first: "first of {shop}"
                            made: "{now}"
                """
                        .formatted(directory.resolve("shops.csv"));
        engine = SANDBOX.engine(registry);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(directory.resolve("folder" + ++folders));
        Files.writeString(directory.resolve("shops.csv"), "old,new\r\n\"s,1\",1\r\ns2,2\r\ns3,3\r\n");
        SANDBOX.execute("insert into shop values (1, 'Ann'), (2, 'Bob')");
    }

    @Test
    void writesEveryKindOfValueIntoTheRecord() throws Exception {
        byte[] picture = picture("shops/s,1/a'b", 1);
        assertThat(run().migrated()).isEqualTo(1);
        Map<String, Object> record =
                SANDBOX.sql().sql("select * from picture").query().singleRow();
        assertThat(record)
                .containsEntry("shop", 1)
                .containsEntry("owner", "Ann")
                .containsEntry("object key", "shop-pictures/1/a_27b.jpg")
                .containsEntry("note", "shops/a'b")
                .containsEntry("kind", "it's :#a? 'quoted' \\ constant")
                .containsEntry("size", picture.length)
                .containsEntry("first", true);
        String key = SANDBOX.key((String) record.get("url"));
        assertThat(SANDBOX.object(key)).isEqualTo(picture);
        assertThat(SANDBOX.head(key).metadata()).containsEntry("mediaferry-ledger", SANDBOX.ledgerId());
        assertThat(record.get("made")).isNotNull();
    }

    @Test
    void saysWhyAFileIsLeftOut() throws Exception {
        picture("shops/s2/skipped", 1);
        picture("shops/unknown/a", 2);
        picture("shops/s3/a", 3);
        picture("elsewhere/a", 4);
        file("shops/s2/text", "just text".getBytes(StandardCharsets.UTF_8));
        file("shops/s2/zeros", new byte[100]);
        file("shops/s2/empty", new byte[0]);
        file("shops/s2/large", Pictures.jpeg(5, 2_000_001));
        Files.createSymbolicLink(folder.resolve("shops/s2/link"), folder.resolve("shops/s2/large"));
        ImportReport report = run();
        assertThat(report.migrated()).isZero();
        assertThat(report.processed()).isEqualTo(9);
        assertThat(report.unmatched()).containsExactly("elsewhere/a", "shops/s2/link");
        assertThat(report.categories().get(0).skipped())
                .containsOnlyKeys(
                        "nobody wants it",
                        "map shops has no new id of shop unknown",
                        "table shop has no row with id 3",
                        "unsupported type text/plain, the category takes image, video",
                        "unsupported type application/octet-stream, the category takes image, video",
                        "the file is empty",
                        "larger than 2000000 bytes");
    }

    @Test
    void countsRareReasonsTogether() throws Exception {
        picture("shops/s2/kept", 1);
        picture("shops/unknown/a", 2);
        picture("shops/unknown/b", 3);
        for (int i = 0; i < 105; i++) {
            picture("shops/closed" + i + "/a", 4 + i);
        }
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(1);
        Map<String, Long> skipped = report.categories().get(0).skipped();
        assertThat(skipped)
                .hasSize(101)
                .containsEntry("map shops has no new id of shop unknown", 2L)
                .containsEntry("other reasons (import plan tells them by file)", 6L);
        assertThat(skipped.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(107);
    }

    @Test
    void forgetsAFolderThatCouldNotBeListed() throws Exception {
        picture("elsewhere/refused", 1);
        SANDBOX.execute(
                "alter table mediaferry.inventory add constraint refusal check (path <> 'elsewhere/refused') not valid");
        try {
            assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::run);
        } finally {
            SANDBOX.execute("alter table mediaferry.inventory drop constraint refusal");
        }
        Files.delete(folder.resolve("elsewhere/refused"));
        picture("shops/s2/a", 2);
        ImportReport report = run();
        assertThat(report.processed()).isEqualTo(1);
        assertThat(report.unmatched()).isEmpty();
    }

    @Test
    void givesTheRunUpWhenTheDatabaseHasLostTheListOfFiles() throws Exception {
        picture("shops/s2/a", 1);
        picture("shops/s2/b", 2);
        assertThat(run(1).migrated()).isEqualTo(1);
        SANDBOX.execute(
                "create function lose_list() returns trigger language plpgsql as"
                        + " $$ begin delete from mediaferry.inventory; return null; end $$",
                "create trigger lose_list after insert on mediaferry.run execute function lose_list()");
        try {
            assertThatExceptionOfType(ServiceUnreachableException.class)
                    .isThrownBy(this::run)
                    .withMessageContaining("0 were read where 1 were written");
        } finally {
            SANDBOX.execute("drop trigger lose_list on mediaferry.run", "drop function lose_list");
        }
        assertThat(count("select count(*) from mediaferry.transfer where state = 'waiting'"))
                .isEqualTo(1);
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.validation()).isEqualTo("valid");
    }

    @Test
    void refusesAListThatTheDatabaseHasLostWhileTheFolderWasListed() throws Exception {
        picture("shops/s2/a", 1);
        SANDBOX.execute(
                "create function lose_list() returns trigger language plpgsql as $$ begin return null; end $$",
                "create trigger lose_list before insert on mediaferry.inventory for each row execute function lose_list()");
        try {
            assertThatExceptionOfType(ServiceUnreachableException.class)
                    .isThrownBy(this::run)
                    .withMessageContaining("0 were read where 1 were written");
        } finally {
            SANDBOX.execute("drop trigger lose_list on mediaferry.inventory", "drop function lose_list");
        }
        assertThat(count("select count(*) from mediaferry.run")).isZero();
    }

    @Test
    void countsOnlyWhatTheCategoryCovers() throws Exception {
        picture("shops/s2/a", 1);
        picture("elsewhere/a", 2);
        ImportReport report = run(new ImportOptions(
                folder, Optional.empty(), Optional.of("pictures"), false, OptionalLong.empty(), Optional.empty()));
        assertThat(report.processed()).isEqualTo(1);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.unmatched()).isEmpty();
        assertThat(report.validation()).isEqualTo("valid");
    }

    @Test
    void countsWhatALimitAndAnotherRunLeave() throws Exception {
        picture("shops/s2/a", 1);
        picture("shops/s2/b", 2);
        picture("elsewhere/a", 3);
        ImportReport first = run(1);
        assertThat(first.left()).isEqualTo(1);
        assertThat(first.processed()).isEqualTo(first.migrated() + first.left() + first.skipped());
        assertThat(first.validation()).isEqualTo("incomplete");
        SANDBOX.execute("update mediaferry.transfer set due = now() + interval '1 hour' where state = 'waiting'");
        ImportReport second = run();
        assertThat(second.migrated()).isZero();
        assertThat(second.left()).isEqualTo(1);
        assertThat(second.validation()).isEqualTo("incomplete");
    }

    @Test
    void importsNeitherOfTwoFilesThatClaimOneKey() throws Exception {
        Files.writeString(directory.resolve("shops.csv"), "old,new\n\"s,1\",1\ns2,2\ns3,3\nalso2,2\n");
        picture("shops/s2/a", 1);
        picture("shops/also2/a", 2);
        picture("shops/s2/b", 3);
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.categories().get(0).skipped())
                .containsOnly(Map.entry("several files claim the key shop-pictures/2/a.jpg", 2L));
    }

    @Test
    void importsNoFileWhoseKeyAnotherHas() throws Exception {
        Files.writeString(directory.resolve("shops.csv"), "old,new\n\"s,1\",1\ns2,2\ns3,3\nalso2,2\n");
        picture("shops/s2/a", 1);
        run();
        picture("shops/also2/a", 2);
        assertThat(run().categories().get(0).skipped())
                .containsEntry("the key shop-pictures/2/a.jpg belongs to shops/pictures:shops/s2/a", 1L);
    }

    @Test
    void marksTheNextByNameWhenTheFirstFails() throws Exception {
        picture("shops/s2/bad", 1);
        picture("shops/s2/c", 2);
        picture("shops/s2/d", 3);
        ImportReport report = run();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(firsts()).containsExactly("shops/c");
        assertThat(SANDBOX.outcome("shops/s2/bad")).isEqualTo("dead row-refused");
        assertThat(report.validation()).isEqualTo("incomplete");
        ImportReport again = run();
        assertThat(again.failedBefore()).isEqualTo(1);
        assertThat(again.validation()).isEqualTo("incomplete");
    }

    @Test
    void importsARefusedFileFromItsObject() throws Exception {
        picture("shops/s2/late", 1);
        SANDBOX.execute("alter table picture add constraint not_yet check (note <> 'shops/late')");
        try {
            assertThat(run().failed()).isEqualTo(1);
        } finally {
            SANDBOX.execute("alter table picture drop constraint not_yet");
        }
        String etag = SANDBOX.head("shop-pictures/2/late.jpg").eTag();
        Object stored = SANDBOX.head("shop-pictures/2/late.jpg").lastModified();
        assertThat(SANDBOX.transfer("shops/s2/late"))
                .containsEntry("state", "dead")
                .containsEntry("object_state", "present")
                .containsEntry("object_key", "shop-pictures/2/late.jpg")
                .containsEntry("etag", etag);
        letters().retry(DeadLetterFilter.ALL);
        assertThat(run().migrated()).isEqualTo(1);
        assertThat(SANDBOX.head("shop-pictures/2/late.jpg").lastModified()).isEqualTo(stored);
    }

    @Test
    void marksTheFirstByNameWhenItComesLate() throws Exception {
        picture("shops/s2/c", 2);
        picture("shops/s2/b", 3);
        run();
        assertThat(firsts()).containsExactly("shops/b");
        picture("shops/s2/a", 1);
        run();
        assertThat(firsts()).containsExactly("shops/a");
        picture("shops/s2/d", 4);
        run();
        assertThat(firsts()).containsExactly("shops/a");
        assertThat(rollback().restored()).isEqualTo(4);
    }

    @Test
    void leavesAMarkThatSomebodyHasMoved() throws Exception {
        picture("shops/s2/a", 1);
        picture("shops/s2/b", 2);
        run();
        SANDBOX.execute("update picture set first = not first");
        picture("shops/s2/c", 3);
        run();
        assertThat(firsts()).containsExactly("shops/b");
    }

    @Test
    void triesADeadLetterAgainWhenAskedTo() throws Exception {
        file("shops/s2/a", Pictures.blank(1, 1));
        assertThat(run().failed()).isEqualTo(1);
        picture("shops/s2/a", 1);
        assertThat(run().categories().get(0).skipped()).containsEntry("a dead letter: placeholder", 1L);
        assertThat(letters()
                        .retry(new DeadLetterFilter(
                                List.of(), Optional.of("shops/pictures"), Optional.empty(), Optional.empty()))
                        .retried())
                .isEqualTo(1);
        assertThat(run().migrated()).isEqualTo(1);
    }

    @Test
    void letsGoOfFilesThatWaitInAnotherFolder() throws Exception {
        picture("shops/s2/a", 1);
        picture("shops/s2/b", 1);
        ImportReport first = run(1);
        assertThat(first.migrated()).isEqualTo(1);
        Path before = folder;
        folder = Files.createDirectory(directory.resolve("folder" + ++folders));
        picture("shops/s2/c", 2);
        assertThat(run().migrated()).isEqualTo(1);
        assertThat(count("select count(*) from mediaferry.transfer where state = 'superseded'"))
                .isEqualTo(1);
        folder = before;
        assertThat(run().migrated()).isEqualTo(1);
        assertThat(count("select count(*) from picture")).isEqualTo(3);
    }

    @Test
    void storesLargeFilesWithoutACopy() throws Exception {
        byte[] large = Pictures.jpeg(7, 1_900_000);
        file("shops/s2/large", large);
        assertThat(run().migrated()).isEqualTo(1);
        assertThat(SANDBOX.object("shop-pictures/2/large.jpg")).isEqualTo(large);
        assertThat(folder.resolve("shops/s2/large")).hasBinaryContent(large);
    }

    @Test
    void changesNothingInADryRun() throws Exception {
        picture("shops/s2/a", 1);
        ImportReport report = run(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), true, OptionalLong.empty(), Optional.empty()));
        assertThat(report.migratable()).isEqualTo(1);
        assertThat(report.migrated()).isZero();
        assertThat(count("select count(*) from mediaferry.transfer")).isZero();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void keepsARecordThatSomebodyHasChanged() throws Exception {
        picture("shops/s2/a", 1);
        picture("shops/s2/b", 2);
        run();
        SANDBOX.execute("update picture set owner = 'Eve' where note = 'shops/a'");
        RollbackReport report = rollback();
        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.conflicts()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly("shop-pictures/2/a.jpg");
        assertThat(run().categories().get(0).skipped()).containsEntry("rolled back", 1L);
    }

    @Test
    void keepsAnObjectWhoseKeyOrLinkStandsInAnyOtherRecord() throws Exception {
        picture("shops/s2/a", 1);
        picture("shops/s2/b", 2);
        picture("shops/s2/c", 3);
        run();
        SANDBOX.execute(
                "insert into picture (id, shop, url) select gen_random_uuid(), 2, url || '?v=2#top' from picture where note = 'shops/a'",
                "insert into picture (id, shop, \"object key\") select gen_random_uuid(), 2, \"object key\" from picture where note = 'shops/b'");
        RollbackReport report = rollback();
        assertThat(report.objectsRemoved()).isEqualTo(1);
        assertThat(report.objectsKept()).isEqualTo(2);
        assertThat(SANDBOX.keys()).containsExactly("shop-pictures/2/a.jpg", "shop-pictures/2/b.jpg");
    }

    @Test
    void refusesARecordThatTheDatabaseDoesNotTake() {
        String wrong = registry.replace(
                "select owner from shop where id = {newShop}::int", "select owner from shop where id = {newShop}");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> engine.services().entries(RegistryFile.parse("r.yaml", wrong)))
                .withMessageContaining("registry line 6: shops/pictures: the database does not take the record: ERROR:"
                        + " operator does not exist: integer = text");
    }

    @Test
    void namesEveryColumnThatIsNotThere() {
        String wrong = registry.replace("owner: {", "ownr: {")
                .replace("kind: ", "knd: ")
                .replace("table: shop }", "table: shp }");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> engine.services().entries(RegistryFile.parse("r.yaml", wrong)))
                .withMessageContainingAll(
                        "table picture has no column ownr; did you mean owner?",
                        "table picture has no column knd; did you mean kind?",
                        "the database has no table shp; did you mean shop?");
    }

    @Test
    void namesTheCategoryThatWasMeant() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> run(new ImportOptions(
                        folder,
                        Optional.empty(),
                        Optional.of("picture"),
                        false,
                        OptionalLong.empty(),
                        Optional.empty())))
                .withMessage("no category picture; did you mean pictures?");
    }

    private static DeadLetters letters() {
        return engine.deadLetters();
    }

    private List<String> firsts() {
        return SANDBOX.sql()
                .sql("select note from picture where first order by 1")
                .query(String.class)
                .list();
    }

    private ImportReport run() {
        return run(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), false, OptionalLong.empty(), Optional.empty()));
    }

    private ImportReport run(long limit) {
        return run(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), false, OptionalLong.of(limit), Optional.empty()));
    }

    private static ImportReport run(ImportOptions options) {
        return engine.importFolder(options);
    }

    private static RollbackReport rollback() {
        return engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of("shops/pictures"), Optional.empty(), Optional.empty(), false, true));
    }

    private byte[] picture(String path, int seed) throws IOException {
        byte[] picture = Pictures.jpeg(seed);
        file(path, picture);
        return picture;
    }

    private void file(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static long count(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
