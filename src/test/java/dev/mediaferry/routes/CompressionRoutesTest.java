package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Similarity;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.ImportReport.OfCategory;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.verify.VerifyOptions;
import dev.mediaferry.verify.VerifyReport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Pictures of a category that asks for compression, beside one that does not, whose objects go to a bucket of their own. */
@Tag("slow")
class CompressionRoutesTest {

    private static final String OTHER = "originals-of-the-test";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private static Path directory;

    private static Engine engine;
    private static int folders;

    private Path folder;

    @BeforeAll
    static void start() {
        SANDBOX.bucket().createBucket(request -> request.bucket(OTHER));
        SANDBOX.execute("create table picture (id uuid primary key, key text, url text, size int, sha256 text)");
        String category =
                """
                      - name: %1$s
                        path: "%1$s/{name}"
                        folder: pictures
                        key: "{name}.{ext}"
                        %2$s
                        record:
                          table: picture
                          columns: { id: "{uuid}", key: "{key}", url: "{url}", size: "{bytes}", sha256: "{sha256}" }
                """;
        String text =
                """
                buckets: [{ name: originals, bucket: %s, public-url: "https://originals.example" }]
                imports:
                  - name: shots
                    categories:
                """
                                .formatted(OTHER)
                        + category.formatted("small", "compression: true")
                        + category.formatted("whole", "bucket: originals");
        engine = SANDBOX.engine(text);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(directory.resolve("folder" + ++folders));
        others().forEach(key ->
                SANDBOX.bucket().deleteObject(request -> request.bucket(OTHER).key(key)));
    }

    @Test
    void storesAPictureSmaller() throws Exception {
        byte[] photograph = file("small/cat", Photographs.jpeg("chelsea"));
        ImportReport report = run();

        byte[] stored = SANDBOX.object("pictures/cat.jpg");
        assertThat(stored.length).isLessThan(photograph.length * 3 / 4);
        assertThat(Similarity.of(Photographs.read(photograph), Photographs.read(stored)))
                .isGreaterThan(.95);
        assertThat(transfer("small/cat"))
                .containsEntry("bytes", (long) stored.length)
                .containsEntry("sha256", sha256(stored))
                .containsEntry("content_type", "image/jpeg")
                .containsEntry("original_bytes", (long) photograph.length)
                .containsEntry("original_sha256", sha256(photograph));
        assertThat(SANDBOX.sql().sql("select * from picture").query().singleRow())
                .containsEntry("size", stored.length)
                .containsEntry("sha256", sha256(stored));
        assertThat(SANDBOX.head("pictures/cat.jpg").contentType()).isEqualTo("image/jpeg");
        OfCategory small = report.categories().get(0);
        assertThat(small.compressed()).isEqualTo(1);
        assertThat(small.originalBytes()).isEqualTo(photograph.length);
        assertThat(small.storedBytes()).isEqualTo(stored.length);
        assertThat(small.savings()).isBetween(25.0, 90.0).isEqualTo(report.savings());
        assertThat(folder.resolve("small/cat")).hasBinaryContent(photograph);
    }

    @Test
    void knowsACompressedFileByItsOriginalSize() throws Exception {
        file("small/cat", Photographs.jpeg("chelsea"));
        run();
        assertThat(run().categories().get(0).skipped()).containsOnly(Map.entry("imported already", 1L));
        file("small/cat", Photographs.jpeg("coffee"));
        assertThat(run().categories().get(0).skipped())
                .containsOnly(Map.entry("imported already; the file has changed since", 1L));
    }

    @Test
    void storesTheOriginalWhenTooLittleWouldBeSaved() throws Exception {
        file("small/cat", Photographs.jpeg("chelsea"));
        run();
        byte[] once = file("small/again", SANDBOX.object("pictures/cat.jpg"));
        OfCategory small = run().categories().get(0);
        assertThat(SANDBOX.object("pictures/again.jpg")).isEqualTo(once);
        assertThat(transfer("small/again"))
                .containsEntry("original_bytes", null)
                .containsEntry("bytes", (long) once.length);
        assertThat(small.migrated()).isEqualTo(1);
        assertThat(small.compressed()).isZero();
        assertThat(small.savings()).isZero();
    }

    @Test
    void storesADamagedPictureAsItIsAndHalfOfOneNotAtAll() throws Exception {
        byte[] whole = Photographs.jpeg("coffee");
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, whole.length / 2, whole.length / 2 + 2000, (byte) 0);
        file("small/damaged", damaged);
        file("small/half", Arrays.copyOf(whole, whole.length / 2));
        OfCategory small = run().categories().get(0);
        assertThat(SANDBOX.object("pictures/damaged.jpg")).isEqualTo(damaged);
        assertThat(small.compressed()).isZero();
        assertThat(small.migrated()).isEqualTo(1);
        assertThat(SANDBOX.outcome("small/half")).startsWith("waiting ");
    }

    @Test
    void storesALargePictureFromADiskToADisk() throws Exception {
        BufferedImage noise = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 1600 * 1200; i++) {
            noise.setRGB(i % 1600, i / 1600, (64 + random.nextInt(128)) * 0x010101);
        }
        byte[] large = file("small/noise", Photographs.write("jpeg", null, false, noise));
        assertThat(run().categories().get(0).compressed()).isEqualTo(1);
        byte[] stored = SANDBOX.object("pictures/noise.jpg");
        assertThat(stored.length).isBetween(1_000_001, large.length * 19 / 20);
        assertThat(transfer("small/noise")).containsEntry("sha256", sha256(stored));
        assertThat(folder.resolve("small/noise")).hasBinaryContent(large);
        Path spool = engine.services().settings().path("home").resolve("spool");
        await().untilAsserted(() -> {
            try (Stream<Path> all = Files.walk(spool)) {
                assertThat(all.filter(Files::isRegularFile)).isEmpty();
            }
        });
    }

    @Test
    void takesOverWhatAnInterruptedRunHasCompressedAndStored() throws Exception {
        byte[] photograph = file("small/cat", Photographs.jpeg("chelsea"));
        run();
        byte[] stored = SANDBOX.object("pictures/cat.jpg");
        SANDBOX.execute(
                "delete from picture",
                "update mediaferry.transfer set state = 'waiting', object_state = 'unknown', sha256 = null, bytes = null,"
                        + " original_bytes = null, original_sha256 = null");
        SANDBOX.ageObjects();
        Instant before = SANDBOX.head("pictures/cat.jpg").lastModified();
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.originalBytes()).isEqualTo(photograph.length);
        assertThat(SANDBOX.keys()).containsExactly("pictures/cat.jpg");
        assertThat(SANDBOX.object("pictures/cat.jpg")).isEqualTo(stored);
        assertThat(SANDBOX.head("pictures/cat.jpg").lastModified()).isEqualTo(before);
        assertThat(transfer("small/cat"))
                .containsEntry("original_bytes", (long) photograph.length)
                .containsEntry("original_sha256", sha256(photograph))
                .containsEntry("sha256", sha256(stored));
    }

    @Test
    void takesOverNothingOfAFileThatHasChangedSince() throws Exception {
        file("small/cat", Photographs.jpeg("chelsea"));
        run();
        SANDBOX.execute(
                "delete from picture",
                "update mediaferry.transfer set state = 'waiting', object_state = 'unknown', sha256 = null, bytes = null,"
                        + " original_bytes = null, original_sha256 = null");
        byte[] changed = file("small/cat", Photographs.jpeg("coffee"));
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.originalBytes()).isEqualTo(changed.length);
        assertThat(transfer("small/cat"))
                .containsEntry("original_sha256", sha256(changed))
                .containsEntry("sha256", sha256(SANDBOX.object("pictures/cat.jpg")));
    }

    @Test
    void keepsTheBucketsOfCategoriesApart() throws Exception {
        file("small/cat", Photographs.jpeg("chelsea"));
        byte[] whole = file("whole/cat", Photographs.jpeg("chelsea"));
        ImportReport report = run();
        // One key in two buckets is no conflict.
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(SANDBOX.keys()).isEqualTo(others()).containsExactly("pictures/cat.jpg");
        assertThat(SANDBOX.bucket()
                        .getObjectAsBytes(request -> request.bucket(OTHER).key("pictures/cat.jpg"))
                        .asByteArray())
                .isEqualTo(whole);
        assertThat(transfer("whole/cat"))
                .containsEntry("bucket", OTHER)
                .containsEntry("target", "https://originals.example/pictures/cat.jpg")
                .containsEntry("original_bytes", null);
        assertThat(transfer("small/cat")).containsEntry("bucket", null);
        assertThat(verify().counts()).isEmpty();
        assertThat(engine.rollback(new RollbackOptions(
                                OptionalLong.empty(),
                                Optional.of("shots/whole"),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                true))
                        .restored())
                .isEqualTo(1);
        assertThat(others()).isEmpty();
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void refusesTwoFilesThatClaimOneKeyOfOneBucket() throws Exception {
        file("whole/cat", Photographs.jpeg("chelsea"));
        run();
        SANDBOX.execute("update mediaferry.transfer set row_key = 'whole/another', source = 'whole/another'");
        assertThat(run().categories().get(1).skipped())
                .containsEntry("the key pictures/cat.jpg belongs to shots/whole:whole/another", 1L);
    }

    private static ImportReport run(Path folder) {
        return engine.importFolder(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), false, OptionalLong.empty(), Optional.empty()));
    }

    private ImportReport run() {
        return run(folder);
    }

    private static VerifyReport verify() {
        return engine.verifications().run(new VerifyOptions(List.of(), OptionalLong.empty(), 100, false));
    }

    private static Map<String, Object> transfer(String path) {
        return SANDBOX.sql()
                .sql("select * from mediaferry.transfer where row_key = ?")
                .param(path)
                .query()
                .singleRow();
    }

    private static List<String> others() {
        return SANDBOX.bucket().listObjectsV2(request -> request.bucket(OTHER)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private byte[] file(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
