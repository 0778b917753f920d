package dev.mediaferry.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Similarity;
import dev.mediaferry.format.Compression;
import dev.mediaferry.format.SkipReason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CompressorTest {

    private static final double ALIKE = .95;

    @TempDir
    private Path directory;

    private Compressor compressor;

    @BeforeEach
    void createCompressor() {
        compressor = new Compressor(directory, directory, 50_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"astronaut", "chelsea", "coffee"})
    void makesAJpegSmallerThatLooksTheSame(String name) throws Exception {
        byte[] jpeg = Photographs.jpeg(name);
        byte[] smaller = compressed(jpeg);
        assertThat(smaller.length).isLessThan(jpeg.length * 7 / 10);
        assertThat(Similarity.of(Photographs.read(jpeg), Photographs.read(smaller)))
                .isGreaterThan(ALIKE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"astronaut", "chelsea", "coffee"})
    void makesAWebpSmallerThatLooksTheSame(String name) throws Exception {
        BufferedImage image = Photographs.image(name);
        byte[] smaller = compressed(Photographs.webp(image, 97, false));
        assertAlike(image, smaller);
    }

    @ParameterizedTest
    @CsvSource({"astronaut, ", "chelsea, LZW", "coffee, Deflate", "coffee, ZLib", "chelsea, PackBits"})
    void makesATiffSmallerThatLooksTheSame(String name, String compression) throws Exception {
        BufferedImage image = Photographs.image(name);
        byte[] tiff = Photographs.write("tiff", compression, false, image);
        byte[] smaller = compressed(tiff);
        assertThat(smaller.length).isLessThan(tiff.length / 3);
        assertAlike(image, smaller);
    }

    @Test
    void keepsAGreyPictureGrey() throws Exception {
        BufferedImage grey = Photographs.as(BufferedImage.TYPE_BYTE_GRAY, Photographs.image("chelsea"));
        for (byte[] file :
                List.of(Photographs.write("jpeg", null, false, grey), Photographs.write("tiff", null, false, grey))) {
            BufferedImage smaller = Photographs.read(compressed(file));
            assertThat(smaller.getRaster().getNumBands()).isEqualTo(1);
            assertThat(Similarity.of(grey, smaller)).isGreaterThan(ALIKE);
        }
    }

    @Test
    void takesAProgressiveJpeg() throws Exception {
        BufferedImage image = Photographs.image("coffee");
        byte[] smaller = compressed(Photographs.write("jpeg", null, true, image));
        assertAlike(image, smaller);
    }

    @Test
    void keepsTheTransparencyOfAWebp() throws Exception {
        BufferedImage image = Photographs.as(BufferedImage.TYPE_INT_ARGB, Photographs.image("chelsea"));
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                image.setRGB(x, y, (image.getRGB(x, y) & 0xffffff) | (x * 255 / image.getWidth()) << 24);
            }
        }
        BufferedImage smaller = Photographs.read(compressed(Photographs.webp(image, 98, false)));
        for (int x = 0; x < image.getWidth(); x += 10) {
            assertThat(smaller.getRGB(x, 100) >>> 24).isEqualTo(image.getRGB(x, 100) >>> 24);
        }
    }

    @Test
    void savesMoreAtALowerQuality() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        int last = jpeg.length;
        for (int quality : new int[] {89, 85, 80}) {
            Compression settings = new Compression(quality, true, 80, 85, 50_000_000, 0);
            int length = bytes(compressor.compress(content(jpeg), settings)).length;
            assertThat(length).isLessThan(last);
            last = length;
        }
    }

    @Test
    void keepsTheOriginalOfWhatWouldLookDifferent() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        for (int quality : new int[] {20, 1}) {
            Compression settings = new Compression(quality, true, 80, 85, 50_000_000, 0);
            Compressed result = compressor.compress(content(jpeg), settings);
            assertThat(result.kept()).contains(SkipReason.LIKENESS);
            assertThat(result.content().bytes()).isEqualTo(jpeg);
            assertThat(result.note()).startsWith("it would look different: similarity 0.");
        }
    }

    @Test
    void keepsTheOriginalWhenLessThanFivePercentWouldBeSaved() throws Exception {
        byte[] once = compressed(Photographs.jpeg("coffee"));
        assertKept(once, SkipReason.SAVING);
        byte[] padded = Arrays.copyOf(once, once.length * 100 / 94);
        assertThat(compressed(padded)).hasSizeLessThan(padded.length);
    }

    @Test
    void neverMakesAPictureLarger() throws Exception {
        byte[] poor = bytes(compressor.compress(
                content(Photographs.jpeg("coffee")), new Compression(40, true, 80, 85, 50_000_000, 5)));
        Compressed result = compressor.compress(content(poor), new Compression(100, true, 80, 85, 50_000_000, 0));
        assertThat(result.kept()).contains(SkipReason.SAVING);
    }

    @Test
    void leavesAloneWhatTheSettingsDoNotAskFor() throws Exception {
        Compression nothing = new Compression(0, false, 0, 0, 50_000_000, 5);
        BufferedImage image = Photographs.image("chelsea");
        for (byte[] file : List.of(
                Photographs.jpeg("chelsea"),
                Photographs.write("png", null, false, image),
                Photographs.webp(image, 97, false),
                Photographs.write("tiff", null, false, image))) {
            assertThat(compressor.compress(content(file), nothing).kept()).contains(SkipReason.TYPE);
        }
        assertKept(Pictures.gif(1), SkipReason.TYPE);
        assertKept("%PDF-1.7".getBytes(StandardCharsets.US_ASCII), SkipReason.TYPE);
    }

    @Test
    void givesTheFactsOfWhatItMade() throws Exception {
        byte[] jpeg = Photographs.jpeg("astronaut");
        Compressed result = compressor.compress(content(jpeg), Compression.DEFAULT);
        byte[] smaller = bytes(result);
        assertThat(result.kept()).isEmpty();
        assertThat(result.original().length()).isEqualTo(jpeg.length);
        assertThat(result.content().length()).isEqualTo(smaller.length);
        assertThat(result.saved()).isEqualTo(jpeg.length - smaller.length);
        assertThat(result.content().type().name()).isEqualTo("image/jpeg");
        assertThat(result.content().sha256()).isEqualTo(sha256(smaller));
        assertThat(result.note()).matches("\\d\\d % saved");
    }

    @Test
    void readsAndWritesSpooledFilesAndLetsGoOfThem() throws Exception {
        BufferedImage large = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 1600 * 1200; i++) {
            large.setRGB(i % 1600, i / 1600, random.nextInt());
        }
        byte[] jpeg = Photographs.write("jpeg", null, false, large);
        Path file = Files.write(directory.resolve("original"), jpeg);
        Content original = new Content(null, file, jpeg.length, sha256(jpeg), type(jpeg));
        Compressed result = compressor.compress(original, Compression.DEFAULT);
        assertThat(result.content().bytes() == null).isTrue();
        assertThat(Photographs.read(bytes(result)).getWidth()).isEqualTo(1600);
        Path made = result.content().file();
        result.close();
        assertThat(file).doesNotExist();
        assertThat(made).doesNotExist();
    }

    @Test
    void givesTheSameToManyThreadsAsToOneWhateverIsAllowedAtOnce() throws Exception {
        List<byte[]> files = Photographs.NAMES.stream()
                .map(name -> {
                    try {
                        return Photographs.jpeg(name);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        List<byte[]> alone = new ArrayList<>();
        for (byte[] file : files) {
            alone.add(compressed(file));
        }
        Compressor narrow = new Compressor(directory, directory, 1000);
        ExecutorService pool = Executors.newFixedThreadPool(6);
        var results = IntStream.range(0, 60)
                .mapToObj(
                        i -> pool.submit(() -> bytes(narrow.compress(content(files.get(i % 3)), Compression.DEFAULT))))
                .toList();
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(alone.get(i % 3));
        }
        pool.shutdown();
    }

    /** Luma by its structure, colours by their distance. */
    private static void assertAlike(BufferedImage before, byte[] after) throws IOException {
        BufferedImage image = Photographs.read(after);
        assertThat(Similarity.of(before, image)).isGreaterThan(ALIKE);
        assertThat(Similarity.distance(before, image)).isLessThan(5);
    }

    private byte[] compressed(byte[] file) throws IOException {
        Compressed result = compressor.compress(content(file), Compression.DEFAULT);
        assertThat(result.kept()).as(result.note()).isEmpty();
        return bytes(result);
    }

    private void assertKept(byte[] file, SkipReason kept) {
        Content original = content(file);
        Compressed result = compressor.compress(original, Compression.DEFAULT);
        assertThat(result.kept()).as(result.note()).contains(kept);
        assertThat(result.content()).isSameAs(original);
        assertThat(result.note()).isNotEmpty();
    }

    static byte[] bytes(Compressed result) throws IOException {
        Content content = result.content();
        return content.bytes() != null ? content.bytes() : Files.readAllBytes(content.file());
    }

    static Content content(byte[] bytes) {
        return new Content(bytes, null, bytes.length, "0".repeat(64), type(bytes));
    }

    private static MediaType type(byte[] bytes) {
        return MediaType.of(Arrays.copyOf(bytes, MediaType.HEAD_LENGTH)).orElseThrow();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
