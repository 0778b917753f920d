package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.ShopBackup;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the files of a folder, each kind of trouble on its own. */
class ImportRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final ShopBackup SHOPS = new ShopBackup(SANDBOX);

    @BeforeEach
    void begin() throws IOException {
        SHOPS.begin();
    }

    @Test
    void saysWhyAFileIsLeftOut() throws Exception {
        SHOPS.picture("shops/s2/skipped", 1);
        SHOPS.picture("shops/unknown/a", 2);
        SHOPS.picture("shops/s3/a", 3);
        SHOPS.picture("elsewhere/a", 4);
        SHOPS.file("shops/s2/text", "just text".getBytes(StandardCharsets.UTF_8));
        SHOPS.file("shops/s2/zeros", new byte[100]);
        SHOPS.file("shops/s2/empty", new byte[0]);
        SHOPS.file("shops/s2/large", Pictures.jpeg(5, 2_000_001));
        Files.createSymbolicLink(
                SHOPS.folder().resolve("shops/s2/link"), SHOPS.folder().resolve("shops/s2/large"));
        ImportReport report = SHOPS.run();
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
        SHOPS.picture("shops/s2/kept", 1);
        SHOPS.picture("shops/unknown/a", 2);
        SHOPS.picture("shops/unknown/b", 3);
        for (int i = 0; i < 105; i++) {
            SHOPS.picture("shops/closed" + i + "/a", 4 + i);
        }
        ImportReport report = SHOPS.run();
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
        SHOPS.picture("elsewhere/refused", 1);
        SANDBOX.execute(
                "alter table mediaferry.inventory add constraint refusal check (path <> 'elsewhere/refused') not valid");
        try {
            assertThatExceptionOfType(RuntimeException.class).isThrownBy(SHOPS::run);
        } finally {
            SANDBOX.execute("alter table mediaferry.inventory drop constraint refusal");
        }
        Files.delete(SHOPS.folder().resolve("elsewhere/refused"));
        SHOPS.picture("shops/s2/a", 2);
        ImportReport report = SHOPS.run();
        assertThat(report.processed()).isEqualTo(1);
        assertThat(report.unmatched()).isEmpty();
    }

    @Test
    void givesTheRunUpWhenTheDatabaseHasLostTheListOfFiles() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/s2/b", 2);
        assertThat(SHOPS.run(1).migrated()).isEqualTo(1);
        SANDBOX.execute(
                "create function lose_list() returns trigger language plpgsql as"
                        + " $$ begin delete from mediaferry.inventory; return null; end $$",
                "create trigger lose_list after insert on mediaferry.run execute function lose_list()");
        try {
            assertThatExceptionOfType(ServiceUnreachableException.class)
                    .isThrownBy(SHOPS::run)
                    .withMessageContaining("0 were read where 1 were written");
        } finally {
            SANDBOX.execute("drop trigger lose_list on mediaferry.run", "drop function lose_list");
        }
        assertThat(count("select count(*) from mediaferry.transfer where state = 'waiting'"))
                .isEqualTo(1);
        ImportReport report = SHOPS.run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.validation()).isEqualTo("valid");
    }

    @Test
    void refusesAListThatTheDatabaseHasLostWhileTheFolderWasListed() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SANDBOX.execute(
                "create function lose_list() returns trigger language plpgsql as $$ begin return null; end $$",
                "create trigger lose_list before insert on mediaferry.inventory for each row execute function lose_list()");
        try {
            assertThatExceptionOfType(ServiceUnreachableException.class)
                    .isThrownBy(SHOPS::run)
                    .withMessageContaining("0 were read where 1 were written");
        } finally {
            SANDBOX.execute("drop trigger lose_list on mediaferry.inventory", "drop function lose_list");
        }
        assertThat(count("select count(*) from mediaferry.run")).isZero();
    }

    @Test
    void countsOnlyWhatTheCategoryCovers() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("elsewhere/a", 2);
        ImportReport report = SHOPS.run(new ImportOptions(
                SHOPS.folder(),
                Optional.empty(),
                Optional.of("pictures"),
                false,
                OptionalLong.empty(),
                Optional.empty()));
        assertThat(report.processed()).isEqualTo(1);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.unmatched()).isEmpty();
        assertThat(report.validation()).isEqualTo("valid");
    }

    @Test
    void countsWhatALimitAndAnotherRunLeave() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/s2/b", 2);
        SHOPS.picture("elsewhere/a", 3);
        ImportReport first = SHOPS.run(1);
        assertThat(first.left()).isEqualTo(1);
        assertThat(first.processed()).isEqualTo(first.migrated() + first.left() + first.skipped());
        assertThat(first.validation()).isEqualTo("incomplete");
        SANDBOX.execute("update mediaferry.transfer set due = now() + interval '1 hour' where state = 'waiting'");
        ImportReport second = SHOPS.run();
        assertThat(second.migrated()).isZero();
        assertThat(second.left()).isEqualTo(1);
        assertThat(second.validation()).isEqualTo("incomplete");
    }

    @Test
    void importsNeitherOfTwoFilesThatClaimOneKey() throws Exception {
        SHOPS.map("also2,2");
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/also2/a", 2);
        SHOPS.picture("shops/s2/b", 3);
        ImportReport report = SHOPS.run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.categories().get(0).skipped())
                .containsOnly(Map.entry("several files claim the key shop-pictures/2/a.jpg", 2L));
    }

    @Test
    void importsNoFileWhoseKeyAnotherHas() throws Exception {
        SHOPS.map("also2,2");
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.run();
        SHOPS.picture("shops/also2/a", 2);
        assertThat(SHOPS.run().categories().get(0).skipped())
                .containsEntry("the key shop-pictures/2/a.jpg belongs to shops/pictures:shops/s2/a", 1L);
    }

    @Test
    void letsGoOfFilesThatWaitInAnotherFolder() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/s2/b", 1);
        ImportReport first = SHOPS.run(1);
        assertThat(first.migrated()).isEqualTo(1);
        Path before = SHOPS.folder();
        SHOPS.newFolder();
        SHOPS.picture("shops/s2/c", 2);
        assertThat(SHOPS.run().migrated()).isEqualTo(1);
        assertThat(count("select count(*) from mediaferry.transfer where state = 'superseded'"))
                .isEqualTo(1);
        SHOPS.goTo(before);
        assertThat(SHOPS.run().migrated()).isEqualTo(1);
        assertThat(count("select count(*) from picture")).isEqualTo(3);
    }

    @Test
    void storesLargeFilesWithoutACopy() throws Exception {
        byte[] large = Pictures.jpeg(7, 1_900_000);
        SHOPS.file("shops/s2/large", large);
        assertThat(SHOPS.run().migrated()).isEqualTo(1);
        assertThat(SANDBOX.object("shop-pictures/2/large.jpg")).isEqualTo(large);
        assertThat(SHOPS.folder().resolve("shops/s2/large")).hasBinaryContent(large);
    }

    @Test
    void changesNothingInADryRun() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        ImportReport report = SHOPS.run(new ImportOptions(
                SHOPS.folder(), Optional.empty(), Optional.empty(), true, OptionalLong.empty(), Optional.empty()));
        assertThat(report.migratable()).isEqualTo(1);
        assertThat(report.migrated()).isZero();
        assertThat(count("select count(*) from mediaferry.transfer")).isZero();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void namesTheCategoryThatWasMeant() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SHOPS.run(new ImportOptions(
                        SHOPS.folder(),
                        Optional.empty(),
                        Optional.of("picture"),
                        false,
                        OptionalLong.empty(),
                        Optional.empty())))
                .withMessage("no category picture; did you mean pictures?");
    }

    private static long count(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
