package dev.mediaferry.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.format.Density;
import dev.mediaferry.format.Exif;
import dev.mediaferry.format.JpegFile;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.PngTexts;
import dev.mediaferry.format.SkipReason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file carries besides its pixels: what counts, what is kept, and what keeps the original. */
@Tag("slow")
class LossTest {

    @Test
    void obeysTheFirstOfTwoExifSegmentsAndOrientationsOfAnyWholeType() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        byte[] six = exif(Exif.withOrientation(6));
        byte[] one = exif(Exif.withOrientation(1));
        assertThat(JpegFile.read(with(jpeg, six, one)).orientation()).isEqualTo(6);
        assertThat(JpegFile.read(with(jpeg, one, six)).orientation()).isEqualTo(1);
        byte[] asLong = ByteBuffer.wrap(Exif.withOrientation(8))
                .putShort(12, (short) 4)
                .putInt(18, 8)
                .array();
        assertThat(Exif.orientation(asLong, 0, asLong.length)).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Raw profile type exif", "Raw profile type APP1"})
    void keepsHowATextOfAPngTurnsIt(String keyword) {
        byte[] chunk = PngTexts.chunk(keyword, 6);
        assertThat(PngTexts.keyword(chunk, 0, chunk.length)).isEqualTo(keyword);
        assertThat(PngTexts.orientation(PngTexts.text("zTXt", chunk, 0, chunk.length)))
                .isEqualTo(6);
    }

    @Test
    void keepsTheSizeOfPixelsAndSwapsItWithTheAxes() throws Exception {
        Exif.Resolution resolution = new Exif.Resolution(300, 1, 145, 2, 2);
        byte[] jpeg = JpegFile.with(Photographs.jpeg("coffee"), new byte[0], new Density(1, 72, 36, resolution));
        Density read = JpegFile.read(jpeg).density();
        assertThat(read).isEqualTo(new Density(1, 72, 36, resolution));
        assertThat(read.turned()).isEqualTo(new Density(1, 36, 72, new Exif.Resolution(145, 2, 300, 1, 2)));
        assertThat(Density.of(null, new Exif.Resolution(300, 1, 300, 1, 2)).needsExif())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff\u00d8\u00ff\u00e1 a second picture",
                "\0\0\0\u0018ftypmp42",
                "\0\0\0\u0008wide\0\0\u0001\0mdat",
                "\u001aE\u00df\u00a3 matroska",
                "RIFF????AVI "
            })
    void keepsTheOriginalBehindWhichSomethingFollows(String what) throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        byte[] more = Arrays.copyOf(jpeg, jpeg.length + 64);
        byte[] bytes = what.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, more, jpeg.length + 8, bytes.length);
        assertKept(more, SkipReason.SEVERAL_PICTURES);
        assertThat(JpegFile.read(Arrays.copyOf(jpeg, jpeg.length + 9000)).width())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GDepth:Data", "hdrgm:Version", "<GCamera:MotionPhoto>1"})
    void keepsTheOriginalWhoseXmpNamesMore(String name) throws Exception {
        assertKept(with(Photographs.jpeg("coffee"), xmp(name)), SkipReason.SEVERAL_PICTURES);
    }

    @Test
    void keepsTheOriginalThatOnlyXmpTurns() throws Exception {
        byte[] jpeg = Photographs.jpeg("coffee");
        byte[] turned = xmp("tiff:Orientation=\"6\"");
        assertKept(with(jpeg, turned), SkipReason.FORM);
        assertThat(JpegFile.read(with(jpeg, turned, exif(Exif.withOrientation(1))))
                        .orientation())
                .isEqualTo(1);
    }

    private static void assertKept(byte[] jpeg, SkipReason why) {
        assertThatExceptionOfType(NotCompressible.class)
                .isThrownBy(() -> JpegFile.read(jpeg))
                .satisfies(unfit -> assertThat(unfit.kept()).isEqualTo(why));
    }

    private static byte[] exif(byte[] tiff) {
        return segment("Exif\0\0", tiff);
    }

    private static byte[] xmp(String text) {
        return segment("http://ns.adobe.com/xap/1.0/\0", text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] segment(String name, byte[] data) {
        return ByteBuffer.allocate(4 + name.length() + data.length)
                .putShort((short) 0xffe1)
                .putShort((short) (2 + name.length() + data.length))
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
    }

    private static byte[] with(byte[] jpeg, byte[]... segments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        for (byte[] segment : segments) {
            out.writeBytes(segment);
        }
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }
}
