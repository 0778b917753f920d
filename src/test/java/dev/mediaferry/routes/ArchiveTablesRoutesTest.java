package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.archive.ArchiveStatus;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** Archives over tables as other tools have filled them. */
@Tag("slow")
class ArchiveTablesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("fetch.delay-per-host", "500ms");

    @TempDir
    private static Path parent;

    private static Path dir;
    private static LocalCache cache;
    private static Engine engine;

    @BeforeAll
    static void start() throws Exception {
        dir = Files.createDirectory(parent.resolve("cache"));
        cache = new LocalCache(dir, SANDBOX);
        SANDBOX.execute(LocalCache.TABLE);
        engine = SANDBOX.engine(registry());
    }

    @BeforeEach
    void empty() throws Exception {
        try (var files = Files.walk(dir)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(dir)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void readsAnMd5InWhateverForm() throws Exception {
        for (int id = 1; id <= 9; id++) {
            String md5 = LocalCache.md5(Pictures.jpeg(id));
            byte[] bytes = HexFormat.of().parseHex(md5);
            String uuid = md5.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
            String form =
                    switch (id) {
                        case 1 -> md5;
                        case 2 -> md5.toUpperCase(java.util.Locale.ROOT);
                        case 3 -> "  " + md5 + "\t\n";
                        case 4 -> md5.replaceAll("(....)", "$1 ");
                        case 5 -> Base64.getEncoder().encodeToString(bytes);
                        case 6 -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                        case 7 -> uuid;
                        case 8 -> "{" + uuid.toUpperCase(java.util.Locale.ROOT) + "}";
                        default -> " " + Base64.getEncoder().encodeToString(bytes) + " ";
                    };
            cache.row(id, "image", file(id), form, null);
        }
        cache.row(10, "image", file(10), "twenty-two-letters-no!", null);
        RunReport report = archive(false);
        assertThat(report.migrated()).isEqualTo(9);
        assertThat(report.skipped()).containsEntry("invalid", 1L);
        for (int id = 1; id <= 9; id++) {
            assertThat(cache.target(id)).contains("/" + LocalCache.md5(Pictures.jpeg(id)) + ".");
        }
        assertThat(archive(false).found()).isZero();
        assertThat(status(true).objects().checked()).isEqualTo(9);
        assertThat(status(true).local().filesWithoutRow()).isEqualTo(0);
    }

    @Test
    void rowsWithoutAYearOfFourDigitsLieUnderZeros() throws Exception {
        List<String> dates = List.of("null", "'12024-05-31'", "'infinity'", "'-infinity'", "'0044-03-15 BC'");
        for (int id = 1; id <= dates.size(); id++) {
            cache.row(id, "image", file(id), LocalCache.md5(Pictures.jpeg(id)), null);
            SANDBOX.execute("update post_media set created_at = " + dates.get(id - 1) + " where media_id = " + id);
        }
        cache.row(6, "image", file(6), LocalCache.md5(Pictures.jpeg(6)), null);
        SANDBOX.execute("update post_media set created_at = '9999-12-31 12:00:00+00' where media_id = 6");
        assertThat(archive(false).migrated()).isEqualTo(6);
        assertThat(SANDBOX.keys())
                .filteredOn(key -> key.matches("cache/0000/00/[0-9a-f]{32}.jpg"))
                .hasSize(5);
        assertThat(SANDBOX.keys())
                .filteredOn(key -> key.startsWith("cache/9999/12/"))
                .hasSize(1);
    }

    @Test
    void aFileThatIsBackIsArchivedByTheNextRun() throws Exception {
        cache.row(1, "image", "images/1.jpg", LocalCache.md5(Pictures.jpeg(1)), "image/jpeg");
        cache.row(2, "image", "images/2.jpg", LocalCache.md5(Pictures.jpeg(2)), "image/jpeg");
        assertThat(archive(false).dead()).containsEntry("missing-file", 2L);
        assertThat(archive(false).found()).isZero();
        file(1);
        assertThat(archive(true).found()).isEqualTo(1);
        assertThat(cache.target(1)).isNull();
        RunReport report = archive(false);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.found()).isEqualTo(1);
        assertThat(cache.target(1)).isNotNull();
        assertThat(SANDBOX.outcome("2")).isEqualTo("dead missing-file");
    }

    @Test
    void namesThePlacesWhereItLookedForAFile() throws Exception {
        String md5 = LocalCache.md5(Pictures.jpeg(1));
        cache.row(1, "image", "images/gone.jpg", md5, "image/png");
        cache.row(2, "video", "../../etc/passwd", md5, null);
        archive(false);
        String anywhere = md5 + ".* in images, videos, documents and " + dir;
        assertThat(SANDBOX.transfer("1").get("message"))
                .isEqualTo("the file is not there; looked for images/gone.jpg, images/" + md5 + ".png, " + anywhere);
        assertThat(SANDBOX.transfer("2").get("message"))
                .isEqualTo("the file is not there; looked for ../../etc/passwd (which leads out of the cache), "
                        + anywhere);
    }

    @Test
    void findsAFileHoweverItsAccentsAreWritten() throws Exception {
        String name = "images/gr\u00f6\u00dfe\u00e9.jpg";
        cache.file(Normalizer.normalize(name, Normalizer.Form.NFD), Pictures.jpeg(1));
        cache.row(1, "image", name, LocalCache.md5(Pictures.jpeg(1)), null);
        assertThat(archive(false).migrated()).isEqualTo(1);
    }

    @Test
    void forceTakesRowsOfAnotherToolToo() throws Exception {
        for (int id = 1; id <= 3; id++) {
            cache.row(id, "image", file(id), LocalCache.md5(Pictures.jpeg(id)), null);
        }
        SANDBOX.execute(
                "update post_media set archive_url = 's3://another/" + LocalCache.md5(Pictures.jpeg(2))
                        + "' where media_id = 2",
                "update post_media set archive_url = 'old archive, shelf 3' where media_id = 3");
        assertThat(archive(false).migrated()).isEqualTo(1);
        RunReport report = archiveForced();
        assertThat(report.migrated()).isEqualTo(3);
        assertThat(SANDBOX.keys()).hasSize(3);
        for (int id = 1; id <= 3; id++) {
            assertThat(cache.target(id)).startsWith("s3://" + SANDBOX.bucketName() + "/cache/2024/05/");
        }
        engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of("archive.posts"), Optional.empty(), Optional.of("3"), false, false));
        assertThat(cache.target(3)).isEqualTo("old archive, shelf 3");
    }

    @Test
    void asksForEveryArchivedRowOnce() throws Exception {
        for (int id = 1; id <= 3; id++) {
            cache.row(id, "image", file(id), LocalCache.md5(Pictures.jpeg(id)), null);
        }
        archive(false);
        archiveForced();
        archiveForced();
        ArchiveStatus.InBucket objects = status(false).objects();
        assertThat(objects.checked()).isEqualTo(3);
        assertThat(objects.bad()).isZero();

        // Rows of another tool: its object is there, is not there, is in no bucket.
        String bucket = SANDBOX.bucketName();
        SANDBOX.bucket().putObject(request -> request.bucket(bucket).key("theirs/4.jpg"), RequestBody.fromString("4"));
        for (int id = 4; id <= 7; id++) {
            cache.row(id, "image", "images/" + id, LocalCache.md5(Pictures.jpeg(id)), null);
        }
        SANDBOX.execute(
                "update post_media set archive_url = 's3://" + bucket
                        + "/theirs/' || media_id || '.jpg' where media_id in (4, 5)",
                "update post_media set archive_url = 's3://no-such-bucket/6.jpg' where media_id = 6",
                "update post_media set archive_url = 'shelf 3' where media_id = 7",
                "delete from mediaferry.transfer where row_key = '1'");
        SANDBOX.bucket().deleteObject(request -> request.bucket(bucket)
                .key(SANDBOX.keys().stream()
                        .filter(key -> key.contains(LocalCache.md5(Pictures.jpeg(1))))
                        .findFirst()
                        .orElseThrow()));
        objects = status(false).objects();
        assertThat(objects.checked()).isEqualTo(6);
        assertThat(objects.elsewhere()).isEqualTo(1);
        assertThat(objects.bad()).isEqualTo(3);
        assertThat(objects.findings())
                .hasSize(3)
                .anyMatch(finding -> finding.startsWith("1  ") && finding.endsWith("the bucket has no such object"))
                .anyMatch(finding -> finding.equals("5  theirs/5.jpg  the bucket has no such object"))
                .anyMatch(finding -> finding.startsWith("6  6.jpg  its bucket cannot be asked: "));
        assertThat(status(false).bad()).isTrue();
    }

    @Test
    void aResumedArchiveWaitsForNoHost() throws Exception {
        for (int id = 1; id <= 40; id++) {
            cache.row(id, "image", file(id), LocalCache.md5(Pictures.jpeg(id)), null);
        }
        archive(false);
        SANDBOX.execute(
                "update mediaferry.transfer set state = 'waiting', object_state = 'unknown', due = now()",
                "update post_media set archive_url = null");
        SANDBOX.keys().forEach(key -> SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key)));
        RunReport report = archive(false);
        assertThat(report.migrated()).isEqualTo(40);
        // At the pace of a host it would be twenty.
        assertThat(report.seconds()).isLessThan(15);
    }

    private static String registry() {
        return Sandbox.REGISTRY + "archives: [{ name: posts, table: post_media, id: media_id, dir: \"" + dir
                + "\" }]\n";
    }

    private static String file(int seed) throws Exception {
        return cache.file("images/" + seed + ".jpg", Pictures.jpeg(seed));
    }

    private static ArchiveStatus status(boolean local) {
        return engine.cases()
                .archives()
                .status(engine.cases().entries().archives().get(0), local, true, OptionalLong.empty());
    }

    private static RunReport archive(boolean dry) {
        return run(dry, false);
    }

    private static RunReport archiveForced() {
        return run(false, true);
    }

    private static RunReport run(boolean dry, boolean force) {
        return engine.migrate(
                new RunOptions(List.of("archive.posts"), dry, OptionalLong.empty(), OptionalInt.empty(), force));
    }
}
