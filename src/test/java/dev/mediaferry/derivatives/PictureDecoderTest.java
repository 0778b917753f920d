package dev.mediaferry.derivatives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.fixture.Profiles;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.raster.Colours;
import dev.mediaferry.raster.Pixels;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureDecoderTest {

    private static final int MOST = 1_000_000;

    /** A dark pixel in this corner of a file, by orientation, is the upper left one of what is seen (EXIF, 4.6.4). */
    private static final int[][] CORNERS = {{0, 0}, {2, 0}, {2, 1}, {0, 1}, {0, 0}, {0, 1}, {2, 1}, {2, 0}};

    @Test
    void turnsTiffsUprightInEveryOrientationAndDepth() throws NotCompressible {
        for (int bits : new int[] {8, 16}) {
            for (int orientation = 1; orientation <= 8; orientation++) {
                byte[] tiff = tiff(bits, orientation);
                assertThat(PictureFacts.of(tiff).orientation()).isEqualTo(orientation);
                try (Pixels pixels = PictureDecoder.of("tiff", tiff, MOST).decode(1)) {
                    pixels.turnUpright(orientation);

                    assertThat(pixels.width()).isEqualTo(orientation < 5 ? 3 : 2);
                    assertThat(pixels.data().get(0) >>> 24)
                            .as(bits + " bits, orientation " + orientation)
                            .isLessThan(20);
                }
            }
        }
    }

    @Test
    void hidesOfAGreyPngWhatOneGreyHides() throws Exception {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 100);
        image.getRaster().setSample(1, 0, 0, 200);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        byte[] png = bytes.toByteArray();

        try (Pixels pixels =
                PictureDecoder.of("png", withTransparent(png, 200), MOST).decode(1)) {
            assertThat(pixels.data().get(0)).isEqualTo(0x64_64_64_ff);
            assertThat(pixels.data().get(1) & 0xff).isZero();
        }
    }

    @Test
    void leavesWhatIsWrittenIntoAPictureBehind() throws Exception {
        byte[] plain = Photographs.jpeg("coffee");
        byte[] comment = "a secret comment".getBytes(StandardCharsets.US_ASCII);
        byte[] jpeg = ByteBuffer.allocate(plain.length + comment.length + 4)
                .putShort((short) 0xffd8)
                .putShort((short) 0xfffe)
                .putShort((short) (comment.length + 2))
                .put(comment)
                .put(plain, 2, plain.length - 2)
                .array();

        try (Pixels pixels = PictureDecoder.of("jpg", jpeg, MOST).decode(1)) {
            for (byte[] made : new byte[][] {pixels.toJpeg(85, true), pixels.toWebp(80), pixels.toPng()}) {
                assertThat(new String(made, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
            }
        }
    }

    @Test
    void refusesWhatIsCutOff() throws IOException {
        for (String form : new String[] {"tiff", "bmp"}) {
            byte[] whole = Photographs.write(
                    form, null, false, Photographs.as(BufferedImage.TYPE_INT_RGB, Photographs.image("coffee")));
            byte[] cut = Arrays.copyOf(whole, 40);
            assertThatThrownBy(() -> PictureDecoder.of(form, cut, MOST).decode(1))
                    .isInstanceOf(NotCompressible.class);
        }
    }

    @Test
    void showsInksAsTheirProfileSays() throws Exception {
        byte[] press = Profiles.press();
        // Red, green, blue of each ink alone, as the profile has them: cyan is a grey, black is a light one.
        int[][] expected = {{119, 119, 119}, {255, 255, 255}};
        for (int ink = 0; ink < 2; ink++) {
            int[] inks = ink == 0 ? new int[] {255, 0, 0, 0} : new int[] {0, 0, 0, 0};
            int[] inverse = Arrays.stream(inks).map(value -> 255 - value).toArray();
            int[] mixed = ink == 0 ? new int[] {76, 85, 255, 255} : new int[] {0, 128, 128, 255};
            for (byte[] jpeg : new byte[][] {
                Profiles.jpeg(inks, -1, press), Profiles.jpeg(inverse, 0, press), Profiles.jpeg(mixed, 2, press)
            }) {
                try (Pixels pixels = PictureDecoder.of("jpg", jpeg, MOST).decode(1)) {
                    int word = pixels.data().get(5);
                    for (int i = 0; i < 3; i++) {
                        assertThat((word >>> (24 - 8 * i)) & 0xff).isCloseTo(expected[ink][i], within(3));
                    }
                }
            }
        }
    }

    @Test
    void guessesInksOfWhichTheProfileIsDamaged() throws Exception {
        byte[] press = Profiles.press();
        Arrays.fill(press, 128, press.length, (byte) -1);
        byte[] jpeg = Profiles.jpeg(new int[] {0, 255, 255, 255}, 0, press);

        try (Pixels pixels = PictureDecoder.of("jpg", jpeg, MOST).decode(1)) {
            assertThat(pixels.data().get(0) >>> 24).isLessThan(20);
            assertThat(pixels.data().get(0) >> 16 & 0xff).isGreaterThan(230);
        }
    }

    @Test
    void showsGreysAsTheirProfileSays() throws Exception {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 256; i++) {
            image.getRaster().setSample(i % 16, i / 16, 0, 55);
        }
        byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", jpeg);

        try (Pixels pixels = PictureDecoder.of("jpg", jpeg.toByteArray(), MOST).decode(1)) {
            Colours.of(linear).orElseThrow().convert(pixels);

            assertThat(pixels.isGrey()).isTrue();
            assertThat(pixels.data().get(0) & 0xff).isCloseTo(128, within(2));
            assertThat(pixels.data().get(7) >>> 24).isCloseTo(128, within(2));
        }
    }

    @Test
    void laysAFrameThatIsSmallerIntoThePicture() throws Exception {
        byte[] moving = moving(webp(4, 2), 8, 6, 1, 2, 4, 2);

        PictureDecoder picture = PictureDecoder.of("webp", moving, MOST);
        assertThat(new int[] {picture.width(), picture.height()}).containsExactly(8, 6);
        assertThatThrownBy(() -> PictureDecoder.of("webp", moving, 47)).hasMessageContaining("8 x 6 pixels");
        try (Pixels pixels = picture.decode(1)) {
            assertThat(pixels.width()).isEqualTo(8);
            assertThat(pixels.height()).isEqualTo(6);
            assertThat(pixels.hasAlpha()).isTrue();
            for (int y = 0; y < 6; y++) {
                for (int x = 0; x < 8; x++) {
                    boolean inside = x >= 2 && x < 6 && y >= 4;
                    assertThat(pixels.data().get(y * 8 + x) & 0xff).isEqualTo(inside ? 0xff : 0);
                }
            }
            assertThat(pixels.data().get(4 * 8 + 2) >>> 24).isGreaterThan(200);
        }
    }

    @Test
    void decodesAFrameThatIsAllOfThePicture() throws Exception {
        byte[] moving = moving(webp(8, 6), 8, 6, 0, 0, 8, 6);

        try (Pixels pixels = PictureDecoder.of("webp", moving, MOST).decode(1)) {
            assertThat(pixels.width()).isEqualTo(8);
            assertThat(pixels.data().get(8 * 6 - 1) >>> 24).isGreaterThan(200);
        }
    }

    @Test
    void refusesAFrameThatIsLargerThanThePicture() throws Exception {
        byte[] moving = moving(webp(60, 40), 8, 6, 0, 0, 4, 2);

        assertThatThrownBy(() -> PictureDecoder.of("webp", moving, MOST))
                .isInstanceOf(NotCompressible.class)
                .hasMessageContaining("60 x 40");
    }

    @Test
    void convertsNothingByAProfileOfWhichOnlyTheHeaderIsWhole() {
        for (String colours : new String[] {"RGB ", "GRAY"}) {
            byte[] profile = ByteBuffer.allocate(132)
                    .putInt(132)
                    .putInt(0)
                    .putInt(0x02400000)
                    .put(("mntr" + colours + "XYZ ").getBytes(StandardCharsets.US_ASCII))
                    .put(36, "acsp".getBytes(StandardCharsets.US_ASCII))
                    .putInt(68, 0xf6d6)
                    .putInt(72, 0x10000)
                    .putInt(76, 0xd32d)
                    .array();
            assertThat(Colours.of(profile)).as(colours).isEmpty();
        }
    }

    @Test
    void showsInksOfWhichTheProfileHasNoTable() throws Exception {
        byte[] press = Profiles.press();
        Arrays.fill(press, 144, press.length, (byte) -1);
        byte[] jpeg = Profiles.jpeg(new int[] {0, 255, 255, 255}, 0, press);

        try (Pixels pixels = PictureDecoder.of("jpg", jpeg, MOST).decode(1)) {
            assertThat(pixels.data().get(0) >>> 24).isLessThan(20);
        }
    }

    @Test
    void showsTiffsOfWhichZeroIsWhite() throws NotCompressible {
        int[][] entries = {
            {0x100, 4, 1, 2},
            {0x101, 4, 1, 1},
            {0x102, 3, 1, 4},
            {0x103, 3, 1, 1},
            {0x106, 3, 1, 0},
            {0x111, 4, 1, 8 + 2 + 9 * 12 + 4},
            {0x115, 3, 1, 1},
            {0x116, 4, 1, 1},
            {0x117, 4, 1, 1}
        };
        ByteBuffer tiff = directory(entries).put((byte) 0x0f);

        try (Pixels pixels = PictureDecoder.of("tiff", written(tiff), MOST).decode(1)) {
            assertThat(pixels.data().get(0) >>> 24).isEqualTo(255);
            assertThat(pixels.data().get(1) >>> 24).isZero();
        }
    }

    private static byte[] webp(int width, int height) throws NotCompressible {
        try (Pixels red = Pixels.of(width, height, y -> {
            int[] line = new int[width];
            Arrays.fill(line, -0x10000);
            return line;
        })) {
            return red.toWebp(90);
        }
    }

    /**
     * @param halfLeft of the frame, with halfTop in two pixels
     * @param frameWidth as the file says, with frameHeight
     */
    private static byte[] moving(
            byte[] still, int width, int height, int halfLeft, int halfTop, int frameWidth, int frameHeight) {
        int data = still.length - 12;
        ByteBuffer moving = ByteBuffer.allocate(12 + 18 + 24 + data).order(ByteOrder.LITTLE_ENDIAN);
        moving.put(still, 0, 4).putInt(moving.capacity() - 8).put(still, 8, 4);
        moving.putInt(0x58385056).putInt(10).putInt(2);
        moving.put(new byte[] {(byte) (width - 1), 0, 0, (byte) (height - 1), 0, 0});
        moving.putInt(0x464d4e41).putInt(16 + data);
        moving.put(new byte[] {(byte) halfLeft, 0, 0, (byte) halfTop, 0, 0});
        moving.put(new byte[] {(byte) (frameWidth - 1), 0, 0, (byte) (frameHeight - 1), 0, 0, 40, 0, 0, 0});
        return moving.put(still, 12, data).array();
    }

    private static ByteBuffer directory(int[][] entries) {
        ByteBuffer tiff = ByteBuffer.allocate(200).putInt(0x4d4d002a).putInt(8).putShort((short) entries.length);
        for (int[] entry : entries) {
            tiff.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
            // A short stands in the first half of its field.
            tiff.putInt(entry[1] == 3 && entry[2] == 1 ? entry[3] << 16 : entry[3]);
        }
        return tiff.putInt(0);
    }

    private static byte[] written(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    /** Three pixels by two, white but for one. */
    private static byte[] tiff(int bits, int orientation) {
        int[][] entries = {
            {0x100, 4, 1, 3},
            {0x101, 4, 1, 2},
            {0x102, 3, 3, 8 + 2 + 10 * 12 + 4},
            {0x103, 3, 1, 1},
            {0x106, 3, 1, 2},
            {0x111, 4, 1, 8 + 2 + 10 * 12 + 4 + 6},
            {0x112, 3, 1, orientation},
            {0x115, 3, 1, 3},
            {0x116, 4, 1, 2},
            {0x117, 4, 1, 3 * 2 * 3 * bits / 8}
        };
        ByteBuffer tiff = directory(entries);
        for (int i = 0; i < 3; i++) {
            tiff.putShort((short) bits);
        }
        int[] corner = CORNERS[orientation - 1];
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                for (int sample = 0; sample < 3 * bits / 8; sample++) {
                    tiff.put((byte) (x == corner[0] && y == corner[1] ? 0 : 0xff));
                }
            }
        }
        return written(tiff);
    }

    private static byte[] withTransparent(byte[] png, int grey) {
        int header = 33;
        byte[] chunk = ByteBuffer.allocate(6)
                .put("tRNS".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) grey)
                .array();
        CRC32 sum = new CRC32();
        sum.update(chunk);
        return ByteBuffer.allocate(png.length + 14)
                .put(png, 0, header)
                .putInt(2)
                .put(chunk)
                .putInt((int) sum.getValue())
                .put(png, header, png.length - header)
                .array();
    }
}
