package dev.mediaferry.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.fixture.Similarity;
import dev.mediaferry.format.Compression;
import dev.mediaferry.format.Exif;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.WebpFile;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which way up, in which colours, and what is not said any more. */
@Tag("slow")
class LookTest {

    private static final String SECRET = "N 52 31 12";
    private static final String[] METADATA = {SECRET, "Exif", "a comment", "adobe:ns:meta", "Photoshop"};

    @TempDir
    private Path directory;

    private Compressor compressor;
    private BufferedImage photograph;

    @BeforeEach
    void setUp() throws IOException {
        compressor = new Compressor(directory, directory, 50_000_000);
        photograph = Photographs.image("chelsea");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void standsUprightWhateverTheOrientationOfTheJpeg(int orientation) throws Exception {
        byte[] jpeg = Photographs.write("jpeg", null, false, stored(photograph, orientation));
        byte[] smaller = compressed(jpegWith(jpeg, segment(0xe1, "Exif\0\0", exif(orientation))));
        assertThat(Similarity.of(photograph, Photographs.read(smaller))).isGreaterThan(.95);
        assertSaysNothing(smaller);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void standsUprightWhateverTheOrientationOfTheWebp(int orientation) throws Exception {
        byte[] webp = webpWith(Photographs.webp(stored(photograph, orientation), 97, false), null, exif(orientation));
        byte[] smaller = compressed(webp);
        assertThat(Similarity.of(photograph, Photographs.read(smaller))).isGreaterThan(.95);
        assertSaysNothing(smaller);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void standsUprightWhateverTheOrientationOfTheTiff(int orientation) throws Exception {
        byte[] tiff = Photographs.write("tiff", "LZW", false, stored(photograph, orientation));
        byte[] smaller = compressed(tiffWith(tiff, 274, 3, orientation));
        assertThat(Similarity.of(photograph, Photographs.read(smaller))).isGreaterThan(.95);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void leavesTheOrientationOfAPngToTheViewer(int orientation) throws Exception {
        byte[] png = pngWith(flatPng(), "eXIf", exif(orientation));
        byte[] smaller = compressed(png);
        assertThat(pixels(Photographs.read(smaller))).isEqualTo(pixels(Photographs.read(png)));
        int at = indexOf(smaller, "eXIf");
        assertThat(at < 0 ? 1 : Exif.orientation(smaller, at + 4, 26)).isEqualTo(orientation);
        assertThat(indexOf(smaller, SECRET)).isNegative();
    }

    @Test
    void saysNothingOfPlacePeopleOrPrograms() throws Exception {
        byte[] jpeg = jpegWith(
                Photographs.jpeg("chelsea"),
                segment(0xe1, "Exif\0\0", exif(1)),
                segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", "adobe:ns:meta".getBytes(StandardCharsets.US_ASCII)),
                segment(0xed, "Photoshop 3.0\0", new byte[10]),
                segment(0xfe, "a comment", new byte[0]));
        assertSaysNothing(compressed(jpeg));
        byte[] png = pngWith(flatPng(), "tEXt", ("Comment\0a comment " + SECRET).getBytes(StandardCharsets.US_ASCII));
        assertSaysNothing(compressed(png));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 70_000})
    void keepsTheColourProfileOfAJpegToTheByte(int padding) throws Exception {
        byte[] profile = profile(padding);
        byte[] smaller = compressed(jpegWithProfile(Photographs.jpeg("coffee"), profile));
        assertThat(Similarity.distance(raw(Photographs.jpeg("coffee")), raw(smaller)))
                .isLessThan(5);
        assertThat(joinedProfile(smaller)).isEqualTo(profile);
    }

    @Test
    void keepsTheColourProfileOfAWebpToTheByte() throws Exception {
        for (int padding : new int[] {500, 501}) {
            byte[] profile = profile(padding);
            for (BufferedImage image : new BufferedImage[] {photograph, veiled(photograph)}) {
                byte[] smaller = compressed(webpWith(Photographs.webp(image, 98, false), profile, exif(1)));
                int at = indexOf(smaller, "ICCP");
                assertThat(Arrays.copyOfRange(smaller, at + 8, at + 8 + profile.length))
                        .isEqualTo(profile);
                assertThat(Similarity.of(image, Photographs.read(smaller))).isGreaterThan(.95);
                assertThat(Photographs.read(smaller).getRGB(5, 5) >>> 24).isEqualTo(image.getRGB(5, 5) >>> 24);
            }
        }
    }

    @Test
    void keepsTheColourProfileOfATiffToTheByte() throws Exception {
        byte[] profile = profile(500);
        byte[] tiff = tiffWith(Photographs.write("tiff", "LZW", false, photograph), 34675, 7, profile);
        byte[] smaller = compressed(tiff);
        assertThat(TiffTags.profile(smaller)).isEqualTo(profile);
    }

    @Test
    void keepsTheColourProfileOfAPngAndItsKindOfColour() throws Exception {
        BufferedImage grey = Photographs.as(BufferedImage.TYPE_INT_RGB, flat(BufferedImage.TYPE_BYTE_GRAY));
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (var out = new java.util.zip.DeflaterOutputStream(deflated)) {
            out.write(profile(500));
        }
        byte[] chunk = ByteBuffer.allocate(5 + deflated.size())
                .put("icc".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .put(deflated.toByteArray())
                .array();
        byte[] smaller = compressed(pngWith(Photographs.write("png", null, false, grey), "iCCP", chunk));
        int at = indexOf(smaller, "iCCP");
        assertThat(Arrays.copyOfRange(smaller, at + 4, at + 4 + chunk.length)).isEqualTo(chunk);
        assertThat(smaller[25]).as("colour type").isIn((byte) 2, (byte) 3);
    }

    private byte[] compressed(byte[] file) throws IOException {
        Compressed result = compressor.compress(CompressorTest.content(file), Compression.DEFAULT);
        assertThat(result.kept()).as(result.note()).isEmpty();
        return CompressorTest.bytes(result);
    }

    private static void assertSaysNothing(byte[] file) {
        for (String words : METADATA) {
            assertThat(indexOf(file, words)).as(words).isNegative();
        }
    }

    /** How a camera stores a picture that is to be seen upright. */
    private static BufferedImage stored(BufferedImage upright, int orientation) {
        boolean lies = orientation >= 5;
        int width = lies ? upright.getHeight() : upright.getWidth();
        int height = lies ? upright.getWidth() : upright.getHeight();
        BufferedImage stored = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < upright.getHeight(); y++) {
            for (int x = 0; x < upright.getWidth(); x++) {
                int right = upright.getWidth() - 1 - x;
                int bottom = upright.getHeight() - 1 - y;
                int[] at =
                        switch (orientation) {
                            case 2 -> new int[] {right, y};
                            case 3 -> new int[] {right, bottom};
                            case 4 -> new int[] {x, bottom};
                            case 5 -> new int[] {y, x};
                            case 6 -> new int[] {y, right};
                            case 7 -> new int[] {bottom, right};
                            case 8 -> new int[] {bottom, x};
                            default -> new int[] {x, y};
                        };
                stored.setRGB(at[0], at[1], upright.getRGB(x, y));
            }
        }
        return stored;
    }

    private static BufferedImage veiled(BufferedImage image) {
        BufferedImage veiled = Photographs.as(BufferedImage.TYPE_INT_ARGB, image);
        veiled.setRGB(5, 5, 0x80112233);
        return veiled;
    }

    private static byte[] flatPng() throws IOException {
        return Photographs.write("png", null, false, flat(BufferedImage.TYPE_INT_RGB));
    }

    private static BufferedImage flat(int type) {
        BufferedImage image = new BufferedImage(60, 40, type);
        for (int i = 0; i < 2400; i++) {
            image.setRGB(i % 60, i / 60, (i / 7 % 5) * 0x112233);
        }
        return image;
    }

    /** EXIF with an orientation and a place. */
    private static byte[] exif(int orientation) {
        byte[] place = SECRET.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + 2 + 24 + 4 + 2 + 12 + 4 + 10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x002a4949)
                .putInt(8)
                .putShort((short) 2)
                .put(entry(0x0112, 3, 1, orientation))
                .put(entry(0x8825, 4, 1, 38))
                .putInt(0)
                .putShort((short) 1)
                .put(entry(1, 2, place.length, 56))
                .putInt(0)
                .put(place)
                .array();
    }

    private static byte[] entry(int tag, int type, int count, int value) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) tag)
                .putShort((short) type)
                .putInt(count)
                .putInt(value)
                .array();
    }

    /** A profile of another colour space than sRGB, made longer: profiles of printers have hundreds of kilobytes. */
    private static byte[] profile(int padding) {
        byte[] data = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] longer = Arrays.copyOf(data, data.length + padding);
        ByteBuffer.wrap(longer).putInt(0, longer.length);
        return longer;
    }

    private static byte[] segment(int marker, String name, byte[] data) {
        byte[] prefix = name.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(4 + prefix.length + data.length)
                .put((byte) 0xff)
                .put((byte) marker)
                .putShort((short) (2 + prefix.length + data.length))
                .put(prefix)
                .put(data)
                .array();
    }

    private static byte[] jpegWith(byte[] jpeg, byte[]... segments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 20);
        for (byte[] segment : segments) {
            out.writeBytes(segment);
        }
        out.write(jpeg, 20, jpeg.length - 20);
        return out.toByteArray();
    }

    private static byte[] jpegWithProfile(byte[] jpeg, byte[] profile) {
        int pieces = (profile.length + 64_999) / 65_000;
        byte[][] segments = new byte[pieces][];
        for (int i = 0; i < pieces; i++) {
            byte[] piece = Arrays.copyOfRange(profile, i * 65_000, Math.min(profile.length, (i + 1) * 65_000));
            segments[i] = segment(0xe2, "ICC_PROFILE\0" + (char) (i + 1) + (char) pieces, piece);
        }
        return jpegWith(jpeg, segments);
    }

    private static byte[] joinedProfile(byte[] jpeg) {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (int at = 2; (jpeg[at + 1] & 0xff) != 0xda; ) {
            int length = (jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff);
            if ((jpeg[at + 1] & 0xff) == 0xe2) {
                profile.write(jpeg, at + 18, length - 16);
            }
            at += 2 + length;
        }
        return profile.toByteArray();
    }

    private static byte[] pngWith(byte[] png, String type, byte[] data) {
        byte[] body = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(body);
        return ByteBuffer.allocate(png.length + 12 + data.length)
                .put(png, 0, 33)
                .putInt(data.length)
                .put(body)
                .putInt((int) crc.getValue())
                .put(png, 33, png.length - 33)
                .array();
    }

    private static byte[] webpWith(byte[] webp, byte[] profile, byte[] exif) throws NotCompressible {
        return WebpFile.with(webp, profile == null ? new byte[0] : profile, exif);
    }

    private static byte[] tiffWith(byte[] tiff, int tag, int type, int value) {
        return TiffTags.with(tiff, tag, type, 1, value);
    }

    private static byte[] tiffWith(byte[] tiff, int tag, int type, byte[] value) {
        byte[] longer = Arrays.copyOf(tiff, tiff.length + value.length);
        System.arraycopy(value, 0, longer, tiff.length, value.length);
        return TiffTags.with(longer, tag, type, value.length, tiff.length);
    }

    /** As the samples stand in the file, no profile applied. */
    private static BufferedImage raw(byte[] jpeg) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg)));
        var raster = reader.readRaster(0, null);
        BufferedImage image = new BufferedImage(raster.getWidth(), raster.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                int[] samples = raster.getPixel(x, y, new int[3]);
                image.setRGB(x, y, samples[0] << 16 | samples[1] << 8 | samples[2]);
            }
        }
        return image;
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
