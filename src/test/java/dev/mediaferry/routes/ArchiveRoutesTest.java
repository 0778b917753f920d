package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.verify.VerifyOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a row gets, what stands in the row afterwards, and how it is taken back. */
class ArchiveRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private static Path parent;

    private static Path dir;
    private static LocalCache cache;
    private static Engine engine;

    private static String registry() {
        return Sandbox.REGISTRY + "archives: [{ name: posts, table: post_media, id: media_id, dir: \"" + dir
                + "\" }]\n";
    }

    @BeforeAll
    static void start() throws Exception {
        dir = Files.createDirectory(parent.resolve("cache"));
        cache = new LocalCache(dir, SANDBOX);
        SANDBOX.execute(LocalCache.TABLE);
        engine = SANDBOX.engine(registry());
    }

    @BeforeEach
    void empty() throws Exception {
        try (var files = Files.walk(parent)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(parent) && !file.equals(dir)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void writesTheAddressOfTheStoredFileIntoItsRow() throws Exception {
        byte[] bytes = Pictures.jpeg(1);
        String md5 = LocalCache.md5(bytes);
        cache.row(1, "image", cache.file("images/anything", bytes), md5, "image/jpeg");
        RunReport report = archive(false);

        assertThat(report.migrated()).isEqualTo(1);
        String key = "cache/2024/05/" + md5 + ".jpg";
        assertThat(cache.target(1)).isEqualTo("s3://" + SANDBOX.bucketName() + "/" + key);
        assertThat(SANDBOX.object(key)).isEqualTo(bytes);
        assertThat(SANDBOX.head(key).metadata())
                .containsKey("sha256")
                .containsEntry("mediaferry-ledger", SANDBOX.ledgerId())
                .containsEntry(
                        "mediaferry-transfer", SANDBOX.transfer("1").get("id").toString());
        assertThat(SANDBOX.transfer("1"))
                .containsEntry("entry", "archive.posts")
                .containsEntry("state", "linked");
        assertThat(SANDBOX.sql()
                        .sql("select kind from mediaferry.run")
                        .query(String.class)
                        .single())
                .isEqualTo("archive");
        assertThat(cache.dir().resolve("images/anything")).hasBinaryContent(bytes);
        assertThat(archive(false).found()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"videos/%s.mp4", "documents/%s.bin", "images/%s.download", "%s.mp4"})
    void findsAFileByItsMd5WhereTheTableHasAnotherPath(String name) throws Exception {
        byte[] bytes = LocalCache.video(1);
        String md5 = LocalCache.md5(bytes);
        cache.file(name.formatted(md5), bytes);
        cache.row(1, "video", "videos/moved-away.mp4", md5.toUpperCase(java.util.Locale.ROOT), "video/mp4");
        archive(false);
        assertThat(cache.target(1)).endsWith("/cache/2024/05/" + md5 + ".mp4");
    }

    @Test
    void findsAFileByPathsThatCountFromElsewhere() throws Exception {
        cache.row(1, "image", file(1), LocalCache.md5(Pictures.jpeg(1)), null);
        cache.row(2, "image", dir.resolve(file(2)).toString(), LocalCache.md5(Pictures.jpeg(2)), null);
        cache.row(3, "image", "cache/" + file(3), LocalCache.md5(Pictures.jpeg(3)), null);
        cache.row(4, "image", "./images/../" + file(4), LocalCache.md5(Pictures.jpeg(4)), null);
        assertThat(archive(false).migrated()).isEqualTo(4);
    }

    @Test
    void neverTakesAFileFromOutsideOfTheCache() throws Exception {
        byte[] secret = Pictures.jpeg(7);
        Path outside = Files.write(parent.resolve("secret.jpg"), secret);
        Path folder = Files.createDirectory(parent.resolve("elsewhere"));
        Files.write(folder.resolve("secret.jpg"), secret);
        Files.createSymbolicLink(dir.resolve("link.jpg"), outside);
        Files.createSymbolicLink(dir.resolve("linked"), folder);
        String md5 = LocalCache.md5(secret);
        int id = 0;
        for (String path : List.of(
                "../secret.jpg",
                outside.toString(),
                "images/../../secret.jpg",
                "link.jpg",
                "linked/secret.jpg",
                "a\nb",
                "")) {
            cache.row(++id, "image", path, md5, "image/jpeg");
        }
        RunReport report = archive(false);
        assertThat(report.migrated()).isZero();
        assertThat(report.dead()).containsEntry("missing-file", 6L).containsEntry("address-refused", 1L);
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void keepsBytesOutThatHaveAnotherMd5() throws Exception {
        cache.row(1, "image", file(1), LocalCache.md5(Pictures.jpeg(2)), "image/jpeg");
        assertThat(archive(false).dead()).containsOnlyKeys("checksum-mismatch");
        assertThat(SANDBOX.transfer("1").get("message").toString()).contains(LocalCache.md5(Pictures.jpeg(1)));
        assertThat(cache.target(1)).isNull();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void skipsRowsThatCannotBeArchived() throws Exception {
        cache.row(1, "image", file(1), null, null);
        cache.row(2, "image", file(2), "no md5", null);
        cache.row(3, "image", file(3), LocalCache.md5(Pictures.jpeg(3)), null);
        cache.row(4, "image", file(4), LocalCache.md5(Pictures.jpeg(4)), null);
        SANDBOX.execute(
                "update post_media set archive_url = 's3://" + SANDBOX.bucketName() + "/x' where media_id = 3",
                "update post_media set archive_url = 'elsewhere' where media_id = 4");
        RunReport report = archive(false);
        assertThat(report.found()).isZero();
        assertThat(report.skipped())
                .containsEntry("empty", 1L)
                .containsEntry("invalid", 1L)
                .containsEntry("ours", 1L)
                .containsEntry("foreign", 1L);
    }

    @Test
    void leavesARowAloneWhoseMd5OrTargetChangedMeanwhile() throws Exception {
        for (int id = 1; id <= 3; id++) {
            cache.row(id, "image", file(id), LocalCache.md5(Pictures.jpeg(id)), null);
        }
        SANDBOX.execute(
                """
                create function meddle() returns trigger language plpgsql as $$ begin
                  update post_media set md5_sum = repeat('0', 32) where media_id = 1;
                  update post_media set archive_url = 'mine' where media_id = 2;
                  return null; end $$""",
                "create trigger meddle after update on mediaferry.transfer for each row"
                        + " when (new.state = 'claimed') execute function meddle()");
        try {
            RunReport report = archive(false);
            assertThat(report.migrated()).isEqualTo(1);
            assertThat(report.superseded()).isEqualTo(2);
        } finally {
            SANDBOX.execute("drop trigger meddle on mediaferry.transfer", "drop function meddle");
        }
        assertThat(cache.target(1)).isNull();
        assertThat(cache.target(2)).isEqualTo("mine");
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void rowsOfOneFileShareAnObjectThatGoesWithTheLastOfThem() throws Exception {
        String md5 = LocalCache.md5(Pictures.jpeg(1));
        cache.row(1, "image", file(1), md5, null);
        cache.row(2, "image", file(1), md5, null);
        archive(false);
        assertThat(SANDBOX.keys()).hasSize(1);
        assertThat(cache.target(1)).isEqualTo(cache.target(2));

        assertThat(rollback(Optional.of("2")).objectsRemoved()).isZero();
        assertThat(cache.target(2)).isNull();
        assertThat(SANDBOX.keys()).hasSize(1);
        assertThat(rollback(Optional.empty()).objectsRemoved()).isEqualTo(1);
        assertThat(cache.target(1)).isNull();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void refusesOtherBytesUnderAKeyThatIsTaken() throws Exception {
        String md5 = LocalCache.md5(Pictures.jpeg(1));
        cache.row(1, "image", file(1), md5, null);
        archive(false);
        SANDBOX.execute("update mediaferry.transfer set sha256 = repeat('0', 64)");
        cache.row(2, "image", file(1), md5, null);
        assertThat(archive(false).dead()).containsOnlyKeys("checksum-mismatch");
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void storesOnceMoreWhenThatIsForced() throws Exception {
        cache.row(1, "image", file(1), LocalCache.md5(Pictures.jpeg(1)), null);
        archive(false);
        String target = cache.target(1);
        String key = SANDBOX.keys().get(0);
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key));
        assertThat(archive(true).migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(key);
        assertThat(cache.target(1)).isEqualTo(target);
        assertThat(findings()).isEmpty();

        rollback(Optional.empty());
        assertThat(cache.target(1)).isNull();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void takesOverAFileThatAnInterruptedRunHasStored() throws Exception {
        cache.row(1, "image", file(1), LocalCache.md5(Pictures.jpeg(1)), null);
        archive(false);
        SANDBOX.execute(
                "update mediaferry.transfer set state = 'waiting', object_state = 'unknown', due = now()",
                "update post_media set archive_url = null");
        Files.delete(dir.resolve(file(1)));
        assertThat(archive(false).migrated()).isEqualTo(1);
        assertThat(cache.target(1)).isNotNull();
    }

    @Test
    void aRowThatWasNeverStoredDoesNotTakeAnothersObjectAway() throws Exception {
        String md5 = LocalCache.md5(Pictures.jpeg(1));
        cache.row(1, "image", file(1), md5, null);
        archive(false);
        SANDBOX.execute("insert into mediaferry.transfer (entry, row_key, source, host, object_key, shared, state,"
                + " object_state) values ('archive.posts', '2', '" + md5 + "', '(file)', 'cache/2024/05/" + md5
                + ".{ext}', true, 'superseded', 'unknown')");
        engine.sweep();
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void isVerifiedLikeAColumn() throws Exception {
        for (int id = 1; id <= 4; id++) {
            cache.row(id, "image", file(id), LocalCache.md5(Pictures.jpeg(id)), null);
        }
        archive(false);
        assertThat(findings()).isEmpty();
        String key = (String) SANDBOX.transfer("1").get("object_key");
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key));
        SANDBOX.execute(
                "update post_media set archive_url = null where media_id = 2",
                "delete from mediaferry.transfer where row_key = '3'");
        assertThat(findings())
                .containsExactlyInAnyOrder(
                        "missing-object archive.posts:1",
                        "ledger-without-pointer archive.posts:2",
                        "pointer-without-ledger archive.posts:3");
    }

    @Test
    void aDryRunOnlyLooks() throws Exception {
        cache.row(1, "image", file(1), LocalCache.md5(Pictures.jpeg(1)), null);
        RunReport report = engine.migrate(
                new RunOptions(List.of("archive.posts"), true, OptionalLong.empty(), OptionalInt.empty(), false));
        assertThat(report.found()).isEqualTo(1);
        assertThat(cache.target(1)).isNull();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void isNoPartOfAMigration() throws Exception {
        cache.row(1, "image", file(1), LocalCache.md5(Pictures.jpeg(1)), null);
        assertThat(engine.migrate(RunOptions.ALL).found()).isZero();
    }

    @Test
    void refusesToRunWithoutItsCache() {
        Engine lost = SANDBOX.engine(registry().replace("/cache\"", "/nowhere\""));
        assertThatThrownBy(() -> lost.migrate(new RunOptions(
                        List.of("archive.posts"), false, OptionalLong.empty(), OptionalInt.empty(), false)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nowhere is no directory");
    }

    private static String file(int seed) throws Exception {
        return cache.file("images/" + seed + ".jpg", Pictures.jpeg(seed));
    }

    private static RunReport archive(boolean force) {
        return engine.migrate(
                new RunOptions(List.of("archive.posts"), false, OptionalLong.empty(), OptionalInt.empty(), force));
    }

    private static RollbackReport rollback(Optional<String> row) {
        return engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of("archive.posts"), Optional.empty(), row, false, true));
    }

    private static List<String> findings() {
        return engine
                .verifications()
                .run(new VerifyOptions(List.of(), OptionalLong.empty(), 100, false))
                .findings()
                .stream()
                .map(finding -> finding.kind() + " " + finding.field() + ":" + finding.id())
                .toList();
    }
}
