package dev.mediaferry.derivatives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.HeifFiles;
import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.format.Exif;
import dev.mediaferry.raster.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What a camera has written, in all the places where pictures have it, and what is written there to be a burden. */
class PictureFactsTest {

    private static final byte[] EXIF = camera("Maker", 6);

    @TempDir
    private Path directory;

    @Test
    void findsTheCameraInEveryForm() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        byte[] segment = concat("Exif\0\0".getBytes(StandardCharsets.US_ASCII), EXIF);
        byte[] withSegment = ByteBuffer.allocate(jpeg.length + segment.length + 4)
                .putInt(0xffd8ffe1)
                .putShort((short) (segment.length + 2))
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
        byte[] png = png("eXIf", EXIF);
        for (byte[] file : new byte[][] {withSegment, png, webp("EXIF", EXIF), webp("EXIF", segment), EXIF}) {
            PictureFacts facts = PictureFacts.of(file);
            assertThat(facts.orientation()).isEqualTo(6);
            assertThat(facts.metadata(false)).containsEntry("make", "Maker");
        }
        assertThat(PictureFacts.of(new HeifFiles(directory).heic()).orientation())
                .isEqualTo(6);
    }

    @Test
    @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
    void leavesTextsAloneHoweverLongTheyAre() throws Exception {
        // Of each item the parser asks whether its name was there before.
        String item = "<dc:x>a</dc:x>";
        byte[] xmp =
                ("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                                + "<rdf:Description xmlns:dc='urn:x'><dc:y rdf:parseType='Resource'>"
                                + numbered(item, 200_000)
                                + "</dc:y></rdf:Description></rdf:RDF></x:xmpmeta>")
                        .getBytes(StandardCharsets.US_ASCII);

        assertThat(PictureFacts.of(webp("XMP ", xmp)).metadata(false)).isEmpty();
        assertThat(PictureFacts.of(withNotes(xmp)).metadata(false)).containsEntry("make", "Maker");
    }

    @Test
    void inflatesNoTexts() throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("Comment\0\0".getBytes(StandardCharsets.US_ASCII));
        try (DeflaterOutputStream out = new DeflaterOutputStream(text, new Deflater(9))) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 3000; i++) {
                out.write(zeros);
            }
        }
        byte[] bomb = png("zTXt", text.toByteArray());

        assertThat(PictureFacts.of(bomb).metadata(false)).isEmpty();
        assertThat(JavaDecoder.size("png", bomb).pixels()).isEqualTo(16);
        try (Pixels pixels = JavaDecoder.decode("png", bomb)) {
            assertThat(pixels.width()).isEqualTo(4);
        }
    }

    @Test
    void followsNoDirectoriesThatLeadToEachOther() {
        int directories = 100_000;
        ByteBuffer tiff = ByteBuffer.allocate(EXIF.length + directories * 18);
        tiff.put(EXIF);
        for (int i = 1; i <= directories; i++) {
            int next = tiff.position() + 18;
            tiff.putShort((short) 1).putInt(0x014a0004).putInt(1).putInt(next).putInt(i < directories ? next : 0);
        }
        // The first one leads to them.
        tiff.putInt(EXIF.length - 4 - "Maker\0".length(), EXIF.length);

        assertThat(PictureFacts.of(tiff.array()).metadata(false)).containsEntry("make", "Maker");
    }

    private static String numbered(String item, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(item.replace("dc:x", "dc:x" + i));
        }
        return text.toString();
    }

    /** @return a directory with an orientation and a maker, and behind it where the next one is */
    private static byte[] camera(String make, int orientation) {
        byte[] text = (make + "\0").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + 2 + 24 + 4 + text.length)
                .putInt(0x4d4d002a)
                .putInt(8)
                .putShort((short) 2)
                .putInt(0x010f0002)
                .putInt(text.length)
                .putInt(8 + 2 + 24 + 4)
                .put(Exif.withOrientation(orientation), 10, 12)
                .putInt(0)
                .put(text)
                .array();
    }

    /** @return a TIFF with XMP in it */
    private static byte[] withNotes(byte[] xmp) {
        byte[] make = "Maker\0".getBytes(StandardCharsets.US_ASCII);
        int data = 8 + 2 + 24 + 4;
        return ByteBuffer.allocate(data + make.length + xmp.length)
                .putInt(0x4d4d002a)
                .putInt(8)
                .putShort((short) 2)
                .putInt(0x010f0002)
                .putInt(make.length)
                .putInt(data)
                .putInt(0x02bc0001)
                .putInt(xmp.length)
                .putInt(data + make.length)
                .putInt(0)
                .put(make)
                .put(xmp)
                .array();
    }

    private static byte[] webp(String name, byte[] bytes) throws Exception {
        byte[] plain;
        try (Pixels red = Pixels.of(4, 4, y -> new int[] {-0x10000, -0x10000, -0x10000, -0x10000})) {
            plain = red.toWebp(90);
        }
        int padded = bytes.length + bytes.length % 2;
        ByteBuffer webp = ByteBuffer.allocate(18 + plain.length + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        webp.put(plain, 0, 4).putInt(webp.capacity() - 8).put(plain, 8, 4);
        webp.putInt(0x58385056).putInt(10).putInt(0x0c).put(new byte[] {3, 0, 0, 3, 0, 0});
        webp.put(plain, 12, plain.length - 12);
        webp.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(bytes.length).put(bytes);
        return webp.array();
    }

    /** @return a grey one with a chunk more before its pixels */
    private static byte[] png(String name, byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY), "png", out);
        byte[] plain = out.toByteArray();
        byte[] chunk = concat(name.getBytes(StandardCharsets.US_ASCII), bytes);
        CRC32 sum = new CRC32();
        sum.update(chunk);
        return ByteBuffer.allocate(plain.length + chunk.length + 8)
                .put(plain, 0, 33)
                .putInt(bytes.length)
                .put(chunk)
                .putInt((int) sum.getValue())
                .put(plain, 33, plain.length - 33)
                .array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
