package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Undo;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaQuery;
import dev.mediaferry.uploads.MediaState;
import dev.mediaferry.uploads.Medium;
import dev.mediaferry.uploads.Medium.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What fields, archives and imports move becomes media, and what is left of that when it is undone. */
class MediaEntriesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: photos, media: { type: POST_IMAGE, user: author } }
            """
                    + MediaEntriesRegistryTest.UPLOADS;

    @TempDir
    private static Path parent;

    private static Engine engine;
    private static LocalCache cache;

    @BeforeAll
    static void start() throws Exception {
        SANDBOX.execute(
                "alter table \"Photo\" add column author text",
                "create table picture (id bigint generated always as identity primary key, owner bigint, url text)");
        cache = LocalCache.create(parent, SANDBOX);
        SANDBOX.execute("alter table post_media add column owner uuid");
        engine = SANDBOX.engine(REGISTRY
                + """
                archives:
                  - { name: post-media, table: post_media, id: media_id, dir: "%s", media: { type: SECRET, user: owner } }
                imports:
                  - name: folder
                    categories:
                      - name: pictures
                        path: "{owner}/{name}"
                        key: "pictures/{owner}/{name}.{ext}"
                        record: { table: picture, columns: { owner: "{owner}", url: "{url}" } }
                        media: { type: POST_IMAGE, user: owner }
                """
                        .formatted(cache.dir()));
    }

    @AfterEach
    void dropReferences() {
        SANDBOX.execute("drop table if exists album");
    }

    @Test
    void insertsTheMediumWithThePointerOfAField() {
        photo("1", SANDBOX.cdn().picture() + "?secret=0123456789abcdef", "ann");
        RunReport report = migrate();

        assertThat(report.migrated()).isEqualTo(1);
        Medium medium = only();
        assertThat(medium.userId()).isEqualTo("ann");
        assertThat(medium.mediaType()).isEqualTo("POST_IMAGE");
        assertThat(medium.storageKey()).isEqualTo(SANDBOX.key(SANDBOX.url("1")));
        assertThat(medium.cdnUrl()).isEqualTo(SANDBOX.url("1"));
        assertThat(medium.originalUrl()).startsWith("http://127.0.0.1").doesNotContain("?", "secret");
        assertThat(medium.fileSize())
                .isEqualTo(SANDBOX.head(medium.storageKey()).contentLength());
        assertThat(medium.etag()).isEqualTo(SANDBOX.head(medium.storageKey()).eTag());
        assertThat(medium.mimeType()).isEqualTo("image/jpeg");
        assertThat(medium.sha256()).hasSize(64);
        assertThat(medium.width()).isEqualTo(24);
        assertThat(medium.height()).isEqualTo(16);
        assertThat(medium.status()).isEqualTo(MediaState.READY);
        assertThat(medium.origin()).isEqualTo(Origin.ENTRY);
        assertThat(medium.id().version()).isEqualTo(7);
        assertThat(media().events(medium.id())).singleElement().matches(event -> event.kind()
                .equals("media.ready"));
        assertThat(SANDBOX.transfer("1").get("medium")).isEqualTo(medium.id());
    }

    @Test
    void insertsMediaOfArchivesThatArePrivateWithoutAnAddress() throws Exception {
        byte[] bytes = Pictures.jpeg(1);
        UUID owner = UUID.randomUUID();
        cache.row(1, "image", cache.file("images/a.jpg", bytes), LocalCache.md5(bytes), "image/jpeg");
        SANDBOX.sql().sql("update post_media set owner = ?").param(owner).update();

        archive(false);

        Medium medium = only();
        assertThat(medium.userId()).isEqualTo(owner.toString());
        assertThat(medium.mediaType()).isEqualTo("SECRET");
        assertThat(medium.cdnUrl()).isNull();
        assertThat(medium.originalUrl()).isNull();
        assertThat(medium.storageKey()).startsWith("cache/2024/05/");
    }

    @Test
    void hasAMediumThatIsArchivedOnceMoreLeadToTheNewObject() throws Exception {
        byte[] bytes = Pictures.jpeg(1);
        cache.row(1, "image", cache.file("images/a.jpg", bytes), LocalCache.md5(bytes), "image/jpeg");
        SANDBOX.sql().sql("update post_media set owner = gen_random_uuid()").update();
        archive(false);
        Medium before = only();

        archive(true);

        assertThat(only().id()).isEqualTo(before.id());
        assertThat(SANDBOX.transfer("1").get("medium")).isEqualTo(before.id());
    }

    @Test
    void insertsMediaOfRecordsThatAreImported() throws Exception {
        Path folder = Files.createDirectories(parent.resolve("import-1"));
        Files.createDirectories(folder.resolve("17"));
        Files.write(folder.resolve("17/beach.jpg"), Pictures.jpeg(2));
        importFolder(folder);

        Medium medium = only();
        assertThat(medium.userId()).isEqualTo("17");
        assertThat(medium.fileName()).isEqualTo("beach.jpg");
        assertThat(medium.cdnUrl())
                .isEqualTo(SANDBOX.sql()
                        .sql("select url from picture")
                        .query(String.class)
                        .single());
        assertThat(medium.width()).isEqualTo(24);

        RollbackReport report = rollback("folder/pictures", false);

        assertThat(report.restored()).isEqualTo(1);
        assertThat(all()).isEmpty();
    }

    @Test
    void putsAsideARowThatNamesNoUser() {
        String link = SANDBOX.cdn().picture();
        photo("none", link, null);
        photo("blank", SANDBOX.cdn().picture(), " ");
        photo("some", SANDBOX.cdn().picture(), "ann");

        RunReport report = migrate();

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.dead()).isEqualTo(Map.of("row-refused", 2L));
        assertThat(SANDBOX.url("none")).isEqualTo(link);
        assertThat(SANDBOX.transfer("none").get("message"))
                .asString()
                .startsWith("its author is empty, and media of type POST_IMAGE need a user");
        assertThat(all()).hasSize(1);
    }

    @Test
    void putsAsideAFileWhoseRecordNamesNoUser() throws Exception {
        SANDBOX.execute(
                "create function nobody() returns trigger language plpgsql as $$ begin new.owner := null; return new; end $$",
                "create trigger nobody before insert on picture for each row execute function nobody()");
        try {
            Path folder = Files.createDirectories(parent.resolve("import-2"));
            Files.createDirectories(folder.resolve("17"));
            Files.write(folder.resolve("17/beach.jpg"), Pictures.jpeg(3));

            importFolder(folder);

            assertThat(SANDBOX.transfer("17/beach.jpg").get("message"))
                    .asString()
                    .contains("its owner is empty, and media of type POST_IMAGE need a user");
            assertThat(all()).isEmpty();
        } finally {
            SANDBOX.execute("drop function nobody cascade");
        }
    }

    @Test
    void removesTheMediumWithThePointerAndKeepsTheObjectForALaterRun() {
        photo("1", SANDBOX.cdn().picture(), "ann");
        migrate();
        UUID id = only().id();

        RollbackReport report = engine.rollback(Undo.field(false));

        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.mediaKept()).isZero();
        assertThat(all()).isEmpty();
        assertThat(media().events(id)).extracting("kind").containsExactly("media.ready", "media.deleted");
        engine.sweepUploads(false);
        assertThat(SANDBOX.keys()).hasSize(1);

        assertThat(engine.rollback(Undo.field(true)).objectsRemoved()).isEqualTo(1);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void keepsWhatIsAttachedOrReferredToAndSaysSo() {
        photo("attached", SANDBOX.cdn().picture(), "ann");
        photo("referred", SANDBOX.cdn().picture(), "ann");
        migrate();
        SANDBOX.execute("create table album (cover uuid references mediaferry.media)");
        media().attach("Photo", "attached", "ann", List.of(medium("attached")));
        SANDBOX.sql()
                .sql("insert into album values (?)")
                .param(medium("referred"))
                .update();

        RollbackReport dry = engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of("Photo.url"), Optional.empty(), Optional.empty(), true, true));
        RollbackReport report = engine.rollback(Undo.field(true));

        assertThat(report.restored()).isEqualTo(2);
        assertThat(report.mediaKept()).isEqualTo(2);
        assertThat(report.objectsKept()).isEqualTo(2);
        assertThat(report.media())
                .extracting(left -> left.id() + ": " + left.reason())
                .containsExactlyInAnyOrder("attached: it is attached", "referred: table public.album refers to it");
        assertThat(dry.media()).hasSize(2);
        assertThat(SANDBOX.keys()).hasSize(2);
        assertThat(all()).hasSize(2);
    }

    @Test
    void comesBackToAMediumThatSomebodyIsAboutToAttach() throws Exception {
        photo("1", SANDBOX.cdn().picture(), "ann");
        migrate();
        UUID id = only().id();
        try (Connection application = SANDBOX.connect()) {
            application.setAutoCommit(false);
            application
                    .createStatement()
                    .execute("select from mediaferry.media where id = '" + id + "' for no key update");

            RollbackReport report = engine.rollback(Undo.field(false));

            assertThat(report.locked()).isEqualTo(1);
            assertThat(SANDBOX.url("1")).isEqualTo(only().cdnUrl());
        }
        assertThat(engine.rollback(Undo.field(false)).restored()).isEqualTo(1);
        assertThat(all()).isEmpty();
    }

    @Test
    void takesAKeptMediumUpAgainWhenItsRowIsMovedAgain() {
        photo("1", SANDBOX.cdn().picture(), "ann");
        migrate();
        UUID id = only().id();
        media().attach("Photo", "1", "ann", List.of(id));
        engine.rollback(Undo.field(false));
        engine.release(Undo.field(false));

        assertThat(migrate().migrated()).isEqualTo(1);

        assertThat(only().id()).isEqualTo(id);
        assertThat(only().width()).isEqualTo(24);
    }

    @Test
    void neverSweepsWhatAnEntryMovedAndKeepsTheObjectOfADeletedOneWhileARowLeadsThere() {
        photo("1", SANDBOX.cdn().picture(), "ann");
        migrate();
        SANDBOX.execute(
                "update mediaferry.media set status_since = now() - interval '1 year', unattached_since = now() - interval '1 year'");

        assertThat(engine.sweepUploads(false).findings()).isEmpty();
        assertThat(all()).hasSize(1);
        media().delete(only().id(), null);
        engine.sweepUploads(false);

        assertThat(all()).isEmpty();
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
        assertThat(engine.rollback(Undo.field(false)).restored()).isEqualTo(1);
    }

    @Test
    void insertsNothingWhenTheDatabaseRefusesTheNewLink() {
        photo("1", SANDBOX.cdn().picture(), "ann");
        SANDBOX.execute("alter table \"Photo\" add constraint old check (url not like '%photos/%') not valid");
        try {
            assertThat(migrate().dead()).isEqualTo(Map.of("row-refused", 1L));
        } finally {
            SANDBOX.execute("alter table \"Photo\" drop constraint old");
        }
        assertThat(all()).isEmpty();
    }

    private static void photo(String id, String url, String author) {
        SANDBOX.sql()
                .sql("insert into \"Photo\" (id, url, author) values (?, ?, ?)")
                .params(id, url, author)
                .update();
    }

    private static RunReport migrate() {
        return engine.migrate(RunOptions.ALL);
    }

    private static void archive(boolean again) {
        engine.migrate(
                new RunOptions(List.of("archive.post-media"), again, OptionalLong.empty(), OptionalInt.empty(), false));
    }

    private static void importFolder(Path folder) {
        engine.importFolder(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), false, OptionalLong.empty(), Optional.empty()));
    }

    private static RollbackReport rollback(String entry, boolean objects) {
        return engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of(entry), Optional.empty(), Optional.empty(), false, objects));
    }

    private static MediaLedger media() {
        return engine.cases().media();
    }

    private static List<Medium> all() {
        return media().list(new MediaQuery(null, null, null, null, 100));
    }

    private static Medium only() {
        List<Medium> all = all();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static UUID medium(String row) {
        return (UUID) SANDBOX.transfer(row).get("medium");
    }
}
