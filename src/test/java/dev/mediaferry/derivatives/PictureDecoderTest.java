package dev.mediaferry.derivatives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.raster.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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
        ByteBuffer tiff = ByteBuffer.allocate(200).putInt(0x4d4d002a).putInt(8).putShort((short) entries.length);
        for (int[] entry : entries) {
            tiff.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
            // A short stands in the first half of its field.
            tiff.putInt(entry[1] == 3 && entry[2] == 1 ? entry[3] << 16 : entry[3]);
        }
        tiff.putInt(0);
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
        return Arrays.copyOf(tiff.array(), tiff.position());
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
