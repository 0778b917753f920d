package dev.mediaferry.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.format.Compression;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.format.WebpFile;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are damaged, rare, or made to do harm: the original remains, and so does the process. */
@Tag("slow")
class HostileTest {

    private static final int MUTATIONS = 400;

    @TempDir
    private Path directory;

    private Compressor compressor;
    private BufferedImage photograph;

    @BeforeEach
    void setUp() throws IOException {
        compressor = new Compressor(directory, directory, 50_000_000);
        BufferedImage image = Photographs.image("chelsea");
        photograph = image.getSubimage(100, 50, 120, 90);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "progressive", "webp", "lossless", "tiff", "lzw", "png"})
    void survivesRandomDamage(String kind) throws Exception {
        byte[] file = file(kind);
        Random random = new Random(kind.hashCode());
        int kept = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Compressed result = compress(damaged(file, random));
            kept += result.kept().isPresent() ? 1 : 0;
            if (result.kept().isEmpty()) {
                Photographs.read(CompressorTest.bytes(result));
            }
        }
        assertThat(kept).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "progressive", "webp", "lossless", "tiff", "lzw", "png"})
    void keepsWhatWasCutAnywhere(String kind) throws Exception {
        byte[] file = file(kind);
        for (int length = 64; length < file.length - 3; length += Math.max(1, file.length / 60)) {
            assertThat(compress(Arrays.copyOf(file, length)).kept())
                    .as("%s of %d bytes", kind, length)
                    .isPresent();
        }
    }

    @Test
    void keepsAJpegWhoseDataAreDamaged() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        int end = jpeg.length - 2;
        // Half of the data gone, the end in place.
        byte[] cut = Arrays.copyOf(jpeg, jpeg.length / 2 + 2);
        System.arraycopy(jpeg, end, cut, cut.length - 2, 2);
        assertKept(cut, SkipReason.DAMAGED);
    }

    @Test
    void doesNotDecodeWhatClaimsTooManyPixels() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        int frame = indexOf(jpeg, "\u00ff\u00c0");
        ByteBuffer.wrap(jpeg).putInt(frame + 5, 0xfff0fff0);
        assertKept(jpeg, SkipReason.TOO_MANY_PIXELS);
        ByteBuffer.wrap(jpeg).putInt(frame + 5, 0);
        assertKept(jpeg, SkipReason.DAMAGED);
        byte[] webp = WebpFile.with(Photographs.webp(photograph, 90, false), new byte[2], new byte[0]);
        ByteBuffer.wrap(webp).putInt(24, 0xffff3fff).putShort(28, (short) 0x3fff);
        assertThat(compress(webp).kept()).isPresent();
        byte[] tiff = TiffTags.with(file("tiff"), 256, 4, 1, 1_000_000_000);
        assertKept(tiff, SkipReason.TOO_MANY_PIXELS);
        assertKept(TiffTags.with(file("tiff"), 256, 4, 1, 40_000), SkipReason.DAMAGED);
    }

    @Test
    void obeysTheLimitOfPixelsToTheLastOne() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        int pixels = photographPixels(jpeg);
        assertThat(compress(jpeg, pixels).kept()).isEmpty();
        assertThat(compress(jpeg, pixels - 1).kept()).contains(SkipReason.TOO_MANY_PIXELS);
    }

    @Test
    void keepsAJpegOfThousandsOfScans() throws Exception {
        byte[] jpeg = file("progressive");
        int last = lastIndexOf(jpeg, "\u00ff\u00da");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, last);
        for (int i = 0; i < 2000; i++) {
            out.write(jpeg, last, jpeg.length - 2 - last);
        }
        out.write(jpeg, jpeg.length - 2, 2);
        assertKept(out.toByteArray(), SkipReason.FORM);
    }

    @Test
    void keepsCmyk() throws Exception {
        WritableRaster raster = java.awt.image.Raster.createInterleavedRaster(0, 64, 64, 4, null);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        }
        assertKept(out.toByteArray(), SkipReason.FORM);
    }

    @Test
    void keepsWhatHoldsMoreThanOnePicture() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        assertKept(concat(jpeg, Photographs.jpeg("chelsea")), SkipReason.SEVERAL_PICTURES);
        byte[] film = "\0\0\0\u0018ftypmp42".getBytes(StandardCharsets.ISO_8859_1);
        assertKept(concat(jpeg, film), SkipReason.SEVERAL_PICTURES);
        assertThat(compress(concat(jpeg, new byte[5000])).kept()).isEmpty();
        assertKept(Photographs.write("tiff", "LZW", false, photograph, photograph), SkipReason.SEVERAL_PICTURES);
    }

    @Test
    void keepsWhatMoves() throws Exception {
        byte[] webp = WebpFile.with(Photographs.webp(photograph, 90, false), new byte[2], new byte[0]);
        webp[20] |= 2;
        assertKept(webp, SkipReason.ANIMATED);
        byte[] frames = concat(file("webp"), "ANMF\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN).putInt(4, frames.length - 8);
        assertKept(frames, SkipReason.ANIMATED);
    }

    @Test
    void keepsATiffThatJpegCannotHold() throws Exception {
        BufferedImage argb = Photographs.as(BufferedImage.TYPE_INT_ARGB, photograph);
        BufferedImage deep = Photographs.as(BufferedImage.TYPE_USHORT_GRAY, photograph);
        BufferedImage fax = Photographs.as(BufferedImage.TYPE_BYTE_BINARY, photograph);
        BufferedImage indexed = Photographs.as(BufferedImage.TYPE_BYTE_INDEXED, photograph);
        for (BufferedImage image : new BufferedImage[] {argb, deep, fax, indexed}) {
            assertKept(Photographs.write("tiff", "LZW", false, image), SkipReason.FORM);
        }
        assertKept(Photographs.write("tiff", "JPEG", false, photograph), SkipReason.FORM);
    }

    @Test
    void keepsTheOriginalWhenTheResultCannotBeWritten() throws Exception {
        Compressor homeless = new Compressor(directory, directory.resolve("gone"), 50_000_000);
        Content original = CompressorTest.content(noise());
        Compressed result = homeless.compress(original, Compression.DEFAULT);
        assertThat(result.kept()).contains(SkipReason.FAILED);
        assertThat(result.content()).isSameAs(original);
        assertThat(result.note()).contains("spool directory");
    }

    @Test
    void keepsTheOriginalThatCannotBeRead() {
        Path gone = directory.resolve("gone");
        Content original = new Content(null, gone, 5_000_000, "0".repeat(64), new MediaType("image/jpeg", "jpg"));
        assertThat(compressor.compress(original, Compression.DEFAULT).kept()).contains(SkipReason.FAILED);
    }

    private static byte[] noise() throws IOException {
        BufferedImage image = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(2);
        for (int i = 0; i < 1600 * 1200; i++) {
            // Grey, since half the resolution of its colours would change what it looks like.
            image.setRGB(i % 1600, i / 1600, 0x10101 * random.nextInt(256));
        }
        return Photographs.write("jpeg", null, false, image);
    }

    private byte[] file(String kind) throws IOException {
        return switch (kind) {
            case "jpeg" -> Photographs.write("jpeg", null, false, photograph);
            case "progressive" -> Photographs.write("jpeg", null, true, photograph);
            case "webp" -> Photographs.webp(photograph, 97, false);
            case "lossless" -> Photographs.webp(photograph, 97, true);
            case "tiff" -> Photographs.write("tiff", null, false, photograph);
            case "lzw" -> Photographs.write("tiff", "LZW", false, photograph);
            default -> Photographs.write("png", null, false, photograph);
        };
    }

    /** Some bytes changed, a stretch overwritten, left out or repeated; the first ones tell the type and remain. */
    private static byte[] damaged(byte[] file, Random random) {
        byte[] copy = file.clone();
        int header = Math.min(700, file.length);
        for (int i = random.nextInt(6); i >= 0; i--) {
            int range = random.nextBoolean() ? header : file.length;
            copy[16 + random.nextInt(range - 16)] = (byte) random.nextInt();
        }
        int at = 16 + random.nextInt(file.length - 16);
        int length = random.nextInt(Math.min(200, file.length - at));
        return switch (random.nextInt(5)) {
            case 0 -> concat(Arrays.copyOf(copy, at), Arrays.copyOfRange(copy, at + length, copy.length));
            case 1 -> concat(Arrays.copyOf(copy, at + length), Arrays.copyOfRange(copy, at, copy.length));
            case 2 -> {
                Arrays.fill(copy, at, at + length, (byte) random.nextInt());
                yield copy;
            }
            default -> copy;
        };
    }

    private void assertKept(byte[] file, SkipReason kept) {
        Compressed result = compress(file);
        assertThat(result.kept()).as(result.note()).isEqualTo(Optional.of(kept));
        assertThat(result.content()).isSameAs(result.original());
    }

    private Compressed compress(byte[] file) {
        return compress(file, 50_000_000);
    }

    private Compressed compress(byte[] file, int maxPixels) {
        Compression d = Compression.DEFAULT;
        return compressor.compress(
                CompressorTest.content(file), new Compression(d.jpeg(), d.png(), d.webp(), d.tiff(), maxPixels, 5));
    }

    private static int photographPixels(byte[] jpeg) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
        return image.getWidth() * image.getHeight();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    private static int lastIndexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
    }
}
