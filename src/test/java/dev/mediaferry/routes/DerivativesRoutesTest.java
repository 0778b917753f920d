package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mediaferry.derivatives.Derivations;
import dev.mediaferry.derivatives.DeriveOptions;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.HeifFiles;
import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Undo;
import dev.mediaferry.format.Exif;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.verify.OrphanOptions;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is made of the objects that entries move. */
@Tag("slow")
class DerivativesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("derivatives.attempts", "2");

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1"]
            derivatives:
              - { name: pictures, thumbnails: [40, 100, 1200], formats: [jpg, webp], optimized: webp }
            fields:
              - { table: Photo, column: url, folder: photos, derivatives: pictures }
              - { table: Portrait, column: url, folder: portraits, derivatives: pictures, media: { type: PORTRAIT, user: person } }
            uploads:
              - { type: PORTRAIT, folder: portraits, content: [image/jpeg], max-bytes: 20MB, derivatives: pictures }
            """;

    @TempDir
    private static Path directory;

    private static Path heifConvert;
    private static Engine engine;

    @BeforeAll
    static void start() throws IOException {
        SANDBOX.execute("create table \"Portrait\" (id text primary key, url text, person text)");
        heifConvert = Files.writeString(
                directory.resolve("heif-convert"), "#!/bin/sh\necho 'No decoding plugin installed'; exit 1\n");
        Files.setPosixFilePermissions(heifConvert, PosixFilePermissions.fromString("rwxr-xr-x"));
        engine = SANDBOX.engine(REGISTRY, "derivatives.heif-convert", heifConvert.toString());
    }

    @Test
    void makesEverySizeInEveryFormatBesideTheOriginal() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().serving(Photographs.jpeg("astronaut")));
        engine.migrate(RunOptions.ALL);
        awaitJobs("done");

        String original = SANDBOX.key(SANDBOX.url("1"));
        String folder = "thumbnails/" + original + "/";
        assertThat(SANDBOX.keys())
                .containsExactly(
                        original,
                        folder + "100.jpg",
                        folder + "100.webp",
                        folder + "1200.jpg",
                        folder + "1200.webp",
                        folder + "40.jpg",
                        folder + "40.webp",
                        folder + "full.webp");
        BufferedImage source = Photographs.image("astronaut");
        BufferedImage small = Photographs.read(SANDBOX.object(folder + "100.jpg"));
        assertThat(Math.max(small.getWidth(), small.getHeight())).isEqualTo(100);
        assertThat(Photographs.read(SANDBOX.object(folder + "1200.jpg")).getWidth())
                .isEqualTo(source.getWidth());
        assertThat(SANDBOX.head(folder + "100.webp").contentType()).isEqualTo("image/webp");
        assertThat(SANDBOX.head(folder + "100.webp").cacheControl()).isEqualTo("public, max-age=31536000, immutable");
        assertThat(SANDBOX.head(folder + "100.webp").metadata()).containsEntry("mediaferry-ledger", SANDBOX.ledgerId());
        assertThat(derivatives()).hasSize(7).allSatisfy(row -> assertThat(row)
                .containsEntry("state", "ready")
                .containsEntry("object_key", original)
                .containsEntry("version", 1));
    }

    @Test
    void hasAMediumWaitForItsThumbnails() throws Exception {
        SANDBOX.sql()
                .sql("insert into \"Portrait\" values ('1', ?, 'ann')")
                .param(SANDBOX.cdn().serving(Photographs.jpeg("coffee")))
                .update();
        engine.migrate(RunOptions.ALL);
        awaitJobs("done");

        Map<String, Object> medium =
                SANDBOX.sql().sql("select * from mediaferry.media").query().singleRow();
        assertThat(medium).containsEntry("status", "READY");
        assertThat((String) medium.get("thumbnail_url")).endsWith("/100.jpg");
        assertThat(SANDBOX.sql()
                        .sql("select kind from mediaferry.media_event order by id")
                        .query(String.class)
                        .list())
                .startsWith("media.uploaded", "media.processing")
                .last()
                .isEqualTo("media.ready");
    }

    @Test
    void turnsPicturesUprightWhateverWayTheyWereHeld() throws Exception {
        BufferedImage upright = Photographs.image("coffee");
        for (int orientation = 1; orientation <= 8; orientation++) {
            put("o/" + orientation, turned(Photographs.jpeg("coffee"), orientation), "image/jpeg");
        }
        awaitJobs("done");
        for (int orientation = 1; orientation <= 8; orientation++) {
            BufferedImage thumbnail = Photographs.read(SANDBOX.object("thumbnails/o/" + orientation + "/100.jpg"));
            boolean lies = (orientation >= 5) == (upright.getWidth() < upright.getHeight());
            assertThat(thumbnail.getWidth() > thumbnail.getHeight())
                    .as("orientation " + orientation)
                    .isEqualTo(lies);
            assertThat(new String(
                            SANDBOX.object("thumbnails/o/" + orientation + "/100.jpg"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Exif");
        }
        // What was turned by 180 degrees is the first one, turned.
        BufferedImage first = Photographs.read(SANDBOX.object("thumbnails/o/1/100.jpg"));
        BufferedImage third = Photographs.read(SANDBOX.object("thumbnails/o/3/100.jpg"));
        Color there = new Color(third.getRGB(20, 20));
        Color here = new Color(first.getRGB(first.getWidth() - 21, first.getHeight() - 21));
        assertThat(there.getRed()).isCloseTo(here.getRed(), within(12));
        assertThat(there.getGreen()).isCloseTo(here.getGreen(), within(12));
        assertThat(there.getBlue()).isCloseTo(here.getBlue(), within(12));
    }

    @Test
    void givesUpWhatNoDecoderTakesAndSaysWhatIsMissing() {
        put("h/bomb", Pictures.claiming(60_000, 60_000), "image/png");
        put("h/cut", Arrays.copyOf(picture(), 9_000), "image/jpeg");
        put("h/text", "no picture".getBytes(StandardCharsets.UTF_8), "image/jpeg");
        put("h/jxl", new byte[] {(byte) 0xff, 0x0a, 0, 0, 0, 0, 0, 0}, "image/jxl");
        put("h/gif", Pictures.gif(1), "image/gif");
        Awaitility.await()
                .until(() ->
                        count("select count(*) from mediaferry.derive_job where state in ('waiting', 'claimed')") == 0);

        assertThat(SANDBOX.sql()
                        .sql(
                                "select object_key || ' ' || state || coalesce(' ' || failure, '') from mediaferry.derive_job order by 1")
                        .query(String.class)
                        .list())
                .containsExactly(
                        "h/bomb dead too-many-pixels",
                        "h/cut dead damaged",
                        "h/gif done",
                        "h/jxl done",
                        "h/text dead damaged");
        assertThat(count("select count(*) from mediaferry.derive_attempt")).isEqualTo(3);
        assertThat(SANDBOX.sql()
                        .sql(
                                "select distinct state || ' ' || message from mediaferry.media_derivative where object_key = 'h/jxl'")
                        .query(String.class)
                        .single())
                .startsWith("unavailable JPEG XL pictures need");
        assertThat(SANDBOX.keys()).contains("thumbnails/h/gif/40.webp").noneMatch(key -> key.contains("h/cut/"));
    }

    @Test
    void makesUpForHeicAndAvifWhenTheirDecoderIsInstalled() throws Exception {
        HeifFiles files = new HeifFiles(directory);
        SANDBOX.photo("1", SANDBOX.cdn().serving(files.heic()));
        SANDBOX.photo("2", SANDBOX.cdn().serving(files.transparentAvif()));
        engine.migrate(RunOptions.ALL);
        awaitJobs("done");
        assertThat(derivatives()).hasSize(14).allSatisfy(row -> assertThat(row)
                .containsEntry("state", "unavailable")
                .extractingByKey("message")
                .asString()
                .endsWith("then run: mediaferry derive --missing"));

        Files.writeString(heifConvert, "#!/bin/sh\nexec /usr/bin/heif-convert \"$@\"\n");
        Derivations derivations = engine.cases().derivations();
        assertThat(derivations.missing()).singleElement().hasToString("Missing[origin=Photo.url, jobs=2]");
        make(derivations, DeriveOptions.Mode.MISSING, false, 2);

        assertThat(derivatives()).hasSize(14).allSatisfy(row -> assertThat(row).containsEntry("state", "ready"));
        BufferedImage seen =
                Photographs.read(SANDBOX.object("thumbnails/" + SANDBOX.key(SANDBOX.url("1")) + "/1200.jpg"));
        assertThat(seen.getWidth()).as("not turned by EXIF").isEqualTo(HeifFiles.WIDTH);
        assertThat(green(seen))
                .as("its profile makes it lighter")
                .isGreaterThan(green(Photographs.image("chelsea")) + 20);
    }

    @Test
    void makesWhatWasAddedAndNewVersionsBesideTheOldOnes() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().serving(Photographs.jpeg("astronaut")));
        engine.migrate(RunOptions.ALL);
        awaitJobs("done");
        String folder = "thumbnails/" + SANDBOX.key(SANDBOX.url("1")) + "/";
        Derivations derivations = engine.cases().derivations();
        assertThat(derivations.missing()).isEmpty();
        SANDBOX.execute("delete from mediaferry.media_derivative where size = 40 and format = 'webp'");
        engine.sweep();
        assertThat(SANDBOX.keys()).doesNotContain(folder + "40.webp");

        assertThat(derivations.missing()).singleElement().hasToString("Missing[origin=Photo.url, jobs=1]");
        make(derivations, DeriveOptions.Mode.MISSING, false);
        assertThat(SANDBOX.keys()).hasSize(8).contains(folder + "40.webp");

        make(derivations, DeriveOptions.Mode.ALL, true);
        assertThat(SANDBOX.keys())
                .hasSize(15)
                .contains(folder + "40.webp", folder + "40-v2.webp", folder + "full-v2.webp");
        assertThat(derivatives()).hasSize(7).allSatisfy(row -> assertThat(row).containsEntry("version", 2));
        engine.sweep();
        assertThat(SANDBOX.keys()).hasSize(15);
        SANDBOX.execute("update mediaferry.derivative_removal set due = now()");
        engine.sweep();
        assertThat(SANDBOX.keys()).hasSize(8).doesNotContain(folder + "40.webp");
        assertThat(engine.orphans()
                        .run(new OrphanOptions(Duration.ZERO, true, false), orphan -> {})
                        .found())
                .isZero();
        assertThat(SANDBOX.keys()).hasSize(8);

        engine.rollback(Undo.field(true));
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(derivatives()).isEmpty();
        assertThat(count("select count(*) from mediaferry.derive_job")).isZero();
    }

    @Test
    void worksOnWhatWaitsAlready() throws Exception {
        SANDBOX.photo("1", SANDBOX.cdn().serving(Photographs.jpeg("astronaut")));
        engine.migrate(RunOptions.ALL);
        awaitJobs("done");
        SANDBOX.execute("update mediaferry.derive_job set state = 'waiting', due = now() + interval '1 day'");
        Derivations derivations = engine.cases().derivations();
        UUID request = UUID.randomUUID();
        DeriveOptions options =
                new DeriveOptions(Optional.empty(), Optional.of("Photo.url"), DeriveOptions.Mode.MISSING, false, false);

        assertThat(derivations.ask(options, request)).isEqualTo(1);
        assertThat(derivations.progress(request).later()).isEqualTo(1);
        assertThat(Instant.parse(derivations.status().jobs().get(0).oldest())).isAfter(Instant.now());
        SANDBOX.execute("update mediaferry.derive_job set due = now()");
        Awaitility.await().until(() -> derivations.progress(request).done() == 1);
        assertThat(derivatives()).hasSize(7).allSatisfy(row -> assertThat(row).containsEntry("version", 1));
    }

    @Test
    void makesWhatIsLongerThanWebpTakesAsLongAsItTakes() throws Exception {
        put("l/1", png(20_000, 4), "image/png");
        awaitJobs("done");

        assertThat(derivatives())
                .filteredOn(row -> row.get("kind").equals("optimized"))
                .singleElement()
                .satisfies(
                        row -> assertThat(row).containsEntry("state", "ready").containsEntry("width", 16_383));
        assertThat(SANDBOX.keys()).contains("thumbnails/l/1/full.webp", "thumbnails/l/1/1200.jpg");
    }

    @Test
    void goesOnWithWhatADeadProcessHeldAndGivesUpWhatKillsEachTime() {
        put("k/once", picture(), "image/jpeg", "claimed", 1);
        put("k/ever", picture(), "image/jpeg", "claimed", 2);
        Awaitility.await()
                .until(() ->
                        count("select count(*) from mediaferry.derive_job where state in ('waiting', 'claimed')") == 0);

        assertThat(SANDBOX.sql()
                        .sql(
                                "select object_key || ' ' || state || ' ' || attempts from mediaferry.derive_job order by 1")
                        .query(String.class)
                        .list())
                .containsExactly("k/ever dead 2", "k/once done 2");
    }

    @Test
    void sharesWorkWithOtherProcessesAndMakesNothingTwice() {
        Engine other = SANDBOX.engine(REGISTRY);
        for (int i = 0; i < 24; i++) {
            put("r/" + i, Pictures.fine(i), "image/jpeg");
        }
        Awaitility.await().until(() -> count("select count(*) from mediaferry.derive_job where state = 'done'") == 24);
        other.drain();

        assertThat(count("select count(*) from mediaferry.derive_job where attempts <> 1"))
                .isZero();
        assertThat(derivatives()).hasSize(24 * 7).allSatisfy(row -> assertThat(row)
                .containsEntry("version", 1));
        assertThat(SANDBOX.keys()).hasSize(24 * 8);
    }

    /** Mean of what is seen as green, on a grid. */
    private static int green(BufferedImage image) {
        return (int) IntStream.range(0, 400)
                .map(i -> image.getRGB(image.getWidth() * (i % 20) / 20, image.getHeight() * (i / 20) / 20) >> 8 & 0xff)
                .average()
                .orElseThrow();
    }

    private static void make(Derivations derivations, DeriveOptions.Mode mode, boolean force) {
        make(derivations, mode, force, 1);
    }

    private static void make(Derivations derivations, DeriveOptions.Mode mode, boolean force, int jobs) {
        UUID request = UUID.randomUUID();
        assertThat(derivations.ask(
                        new DeriveOptions(Optional.empty(), Optional.of("Photo.url"), mode, force, false), request))
                .isEqualTo(jobs);
        Awaitility.await().until(() -> derivations.progress(request).done() == jobs);
    }

    private static void put(String key, byte[] bytes, String contentType) {
        put(key, bytes, contentType, "waiting", 0);
    }

    /** Puts an object, and asks for its derivatives as an entry does. */
    private static void put(String key, byte[] bytes, String contentType, String state, int attempts) {
        SANDBOX.putOurs(key, 1, bytes);
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.derive_job (entry, object_key, content_type, kind, priority, required, state, attempts, worker)"
                                + " values ('Photo.url', ?, ?, 'pictures', 0, true, ?, ?, case when ? = 'claimed' then 999999 end)")
                .params(key, contentType, state, attempts, state)
                .update();
    }

    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", png);
        return png.toByteArray();
    }

    private static byte[] turned(byte[] jpeg, int orientation) {
        byte[] exif = Exif.withOrientation(orientation);
        return ByteBuffer.allocate(jpeg.length + exif.length + 10)
                .putShort((short) 0xffd8)
                .putShort((short) 0xffe1)
                .putShort((short) (exif.length + 8))
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(exif)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    private static byte[] picture() {
        try {
            return Photographs.jpeg("coffee");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(String sql) {
        return SANDBOX.sql().sql(sql).query(Long.class).single();
    }

    private static void awaitJobs(String state) {
        Awaitility.await().until(() -> SANDBOX.sql()
                .sql("select distinct state from mediaferry.derive_job")
                .query(String.class)
                .list()
                .equals(List.of(state)));
    }

    private static List<Map<String, Object>> derivatives() {
        return SANDBOX.sql()
                .sql("select * from mediaferry.media_derivative order by id")
                .query()
                .listOfRows();
    }
}
