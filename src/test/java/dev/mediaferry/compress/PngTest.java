package dev.mediaferry.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.PngFile;
import dev.mediaferry.format.PngForm;
import dev.mediaferry.format.SkipReason;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PngTest {

    private static final int MANY = 50_000_000;

    /** Every kind of PNG there is, in sizes that leave passes of Adam7 empty and bits unused. */
    static Stream<Arguments> forms() {
        int[][] kinds = {
            {0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1}, {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16},
            {6, 8}, {6, 16}
        };
        int[][] sizes = {{1, 1}, {3, 5}, {5, 2}, {33, 17}, {64, 40}};
        return Arrays.stream(kinds)
                .flatMap(kind -> Arrays.stream(sizes).map(size -> Arguments.of(kind[0], kind[1], size[0], size[1])));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void keepsEveryPixelOfEveryForm(int colours, int bits, int width, int height) throws Exception {
        Random random = new Random(colours * 1000L + bits);
        for (boolean interlaced : new boolean[] {false, true}) {
            for (int variety : new int[] {1, 2, 4, 16, 200, 1 << 16}) {
                PngForm form = new PngForm(width, height, bits, colours, interlaced);
                byte[] png = png(form, random, variety);
                assertSamePixels(png, PngFile.smaller(png, MANY, Integer.MAX_VALUE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_BINARY
            })
    void keepsEveryPixelOfPhotographs(int type) throws Exception {
        for (boolean interlaced : new boolean[] {false, true}) {
            byte[] png =
                    Photographs.write("png", null, interlaced, Photographs.as(type, Photographs.image("astronaut")));
            byte[] smaller = PngFile.smaller(png, MANY, Integer.MAX_VALUE);
            assertSamePixels(png, smaller);
            assertThat(smaller).hasSizeLessThanOrEqualTo(png.length);
        }
    }

    @Test
    void keepsThePaletteAndItsTransparency() throws Exception {
        int[] colours = {0x00000000, 0x80ff0000, 0xff00ff00, 0x40123456};
        IndexColorModel model = new IndexColorModel(8, 4, colours, 0, true, -1, DataBuffer.TYPE_BYTE);
        BufferedImage image = new BufferedImage(50, 50, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int i = 0; i < 2500; i++) {
            image.getRaster().setSample(i % 50, i / 50, 0, i / 9 % 4);
        }
        byte[] png = Photographs.write("png", null, false, image);
        assertSamePixels(png, PngFile.smaller(png, MANY, Integer.MAX_VALUE));
    }

    @Test
    void keepsSixteenBitsThatSaySomething() throws Exception {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), true, false, 3, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(40, 30);
        for (int i = 0; i < 1200; i++) {
            raster.setPixel(i % 40, i / 40, new int[] {i * 50, i * 49, 65_535 - i * 3, i * 54});
        }
        byte[] png = Photographs.write("png", null, false, new BufferedImage(model, raster, false, null));
        byte[] smaller = PngFile.smaller(png, MANY, Integer.MAX_VALUE);
        WritableRaster after = Photographs.read(smaller).getRaster();
        assertThat(after.getPixels(0, 0, 40, 30, (int[]) null)).isEqualTo(raster.getPixels(0, 0, 40, 30, (int[]) null));
    }

    @Test
    void needsFewerBitsWhereTheySayTheSame() throws Exception {
        assertThat(reduced(6, 8, 0xff000000, 0xffffffff)).isEqualTo("3/1");
        assertThat(reduced(6, 8, 0x00000000, 0xffffffff, 0xff112233)).isEqualTo("3/2");
        assertThat(reduced(2, 16, 0xff112233, 0xff445566, 0xff778899, 0xff, 0xff00))
                .isEqualTo("3/4");
        int[] greys = new int[200];
        Arrays.setAll(greys, i -> 0xff000000 | i * 0x010101);
        assertThat(reduced(6, 8, greys)).isEqualTo("0/8");
        int[] many = new int[400];
        Arrays.setAll(many, i -> 0xff000000 | i * 0x3377);
        assertThat(reduced(6, 8, many)).isEqualTo("2/8");
        Arrays.setAll(many, i -> ((i + i / 256) % 250) << 24 | (i % 256) * 0x010101);
        assertThat(reduced(6, 16, many)).isEqualTo("4/8");
    }

    @Test
    void leavesAnAnimationAlone() throws Exception {
        byte[] png = Pictures.png(1);
        byte[] animated = chunkAfterHeader(png, "acTL", new byte[8]);
        assertUnfit(animated, SkipReason.ANIMATED);
    }

    @Test
    void refusesWhatIsNotWhole() throws Exception {
        byte[] png = Photographs.write("png", null, false, Photographs.image("coffee"));
        for (int length = 8; length < png.length; length += 997) {
            assertUnfit(Arrays.copyOf(png, length), SkipReason.DAMAGED);
        }
        for (int at = 8; at < png.length; at += 997) {
            byte[] changed = png.clone();
            changed[at] ^= 0x10;
            assertUnfit(changed, SkipReason.DAMAGED);
        }
        assertUnfit(chunkAfterHeader(png, "CgBI", new byte[4]), SkipReason.FORM);
    }

    @Test
    void refusesABombBeforeItIsInflated() throws Exception {
        assertUnfit(claiming(10_000, 10_000, new byte[100]), SkipReason.TOO_MANY_PIXELS);
        assertUnfit(claiming(70_000, 2, new byte[70_000 * 3 * 2 + 2]), SkipReason.FORM);
        assertUnfit(claiming(100, 100, new byte[50_000_000]), SkipReason.DAMAGED);
        assertUnfit(claiming(7000, 7000, new byte[1000]), SkipReason.DAMAGED);
        assertUnfit(claiming(-1, 7000, new byte[1000]), SkipReason.DAMAGED);
        assertUnfit(claiming(0, 7000, new byte[1000]), SkipReason.DAMAGED);
    }

    private static void assertUnfit(byte[] png, SkipReason kept) {
        assertThatExceptionOfType(NotCompressible.class)
                .isThrownBy(() -> PngFile.smaller(png, MANY, Integer.MAX_VALUE))
                .satisfies(
                        unfit -> assertThat(unfit.kept()).as(unfit.getMessage()).isEqualTo(kept));
    }

    private static void assertSamePixels(byte[] before, byte[] after) throws IOException {
        BufferedImage expected = Photographs.read(before);
        BufferedImage actual = Photographs.read(after);
        if (before[24] == 16 && after[24] == 16) {
            int width = expected.getWidth();
            int height = expected.getHeight();
            assertThat(actual.getRaster().getPixels(0, 0, width, height, (int[]) null))
                    .isEqualTo(expected.getRaster().getPixels(0, 0, width, height, (int[]) null));
        }
        // ImageIO calculates grey as linear light on the way to RGB: compared are samples, as they stand in the file.
        assertThat(samples(actual)).isEqualTo(samples(expected));
    }

    /** Alpha, red, green and blue of every pixel, in eight bits. */
    private static int[] samples(BufferedImage image) {
        boolean indexed = image.getColorModel() instanceof IndexColorModel;
        int shift = image.getSampleModel().getSampleSize(0) == 16 ? 8 : 0;
        int bands = image.getRaster().getNumBands();
        int[] samples = new int[image.getWidth() * image.getHeight()];
        int[] pixel = new int[4];
        for (int i = 0; i < samples.length; i++) {
            int x = i % image.getWidth();
            int y = i / image.getWidth();
            if (indexed) {
                samples[i] = image.getRGB(x, y);
            } else {
                image.getRaster().getPixel(x, y, pixel);
                int alpha = bands % 2 == 0 ? pixel[bands - 1] >> shift : 0xff;
                boolean grey = bands < 3;
                samples[i] = alpha << 24
                        | pixel[0] >> shift << 16
                        | pixel[grey ? 0 : 1] >> shift << 8
                        | pixel[grey ? 0 : 2] >> shift;
            }
        }
        return samples;
    }

    /** @return colour type and bits of the smaller form of a picture in these colours */
    private static String reduced(int colours, int bits, int... palette) throws Exception {
        PngForm form = new PngForm(palette.length, 40, bits, colours, false);
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (int y = 0; y < 40; y++) {
            rows.write(0);
            for (int colour : palette) {
                int[] samples = {colour >> 16, colour >> 8, colour, colour >>> 24};
                for (int i = 0; i < form.samples(); i++) {
                    for (int b = 0; b < bits / 8; b++) {
                        rows.write(samples[i]);
                    }
                }
            }
        }
        byte[] png = file(form, rows.toByteArray());
        byte[] smaller = PngFile.smaller(png, MANY, Integer.MAX_VALUE);
        assertSamePixels(png, smaller);
        return smaller[25] + "/" + smaller[24];
    }

    /** Random filters, and rows whose bytes are random, but of few kinds. */
    private static byte[] png(PngForm form, Random random, int variety) {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        int seed = random.nextInt();
        for (PngForm.Pass pass : form.passes()) {
            for (int y = 0; y < pass.height(); y++) {
                rows.write(random.nextInt(5));
                for (int i = 0; i < form.bytes(pass.width()); i++) {
                    rows.write((random.nextInt(variety) * seed) >> 3);
                }
            }
        }
        return file(form, rows.toByteArray());
    }

    private static byte[] claiming(int width, int height, byte[] rows) {
        return file(new PngForm(width, height, 8, 2, false), rows);
    }

    private static byte[] file(PngForm form, byte[] rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(out, "IHDR", form.header());
        if (form.colours() == PngForm.PALETTE) {
            byte[] palette = new byte[3 << form.bits()];
            new Random(5).nextBytes(palette);
            chunk(out, "PLTE", palette);
            chunk(out, "tRNS", new byte[] {0, 77});
        }
        Deflater deflater = new Deflater(1);
        deflater.setInput(rows);
        deflater.finish();
        byte[] buffer = new byte[rows.length + 1000];
        int length = deflater.deflate(buffer);
        deflater.end();
        chunk(out, "IDAT", Arrays.copyOf(buffer, length / 2));
        chunk(out, "IDAT", Arrays.copyOfRange(buffer, length / 2, length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] chunkAfterHeader(byte[] png, String type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(png, 0, 33);
        chunk(out, type, data);
        out.write(png, 33, png.length - 33);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] body = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(body);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(body);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
