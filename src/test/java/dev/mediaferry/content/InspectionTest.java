package dev.mediaferry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fixture.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {

    private static final int PIXELS = 50_000_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"portrait.jpg", "avatar.png", "avatar.gif", "portrait.webp"})
    void takesARealPictureWhateverFollowsItsEnd(String name) throws IOException {
        byte[] picture = sample(name);
        byte[] film = "\0\0\0\u0018ftypmp42 and so on".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(inspect(picture)).isEmpty();
        assertThat(inspect(Arrays.copyOf(picture, picture.length + 70_000))).isEmpty();
        assertThat(inspect(concat(picture, film))).isEmpty();
        assertThat(inspect(concat(picture, picture))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"portrait.jpg", "avatar.png", "avatar.gif", "portrait.webp"})
    void seesWhereverARealPictureIsCut(String name) throws IOException {
        byte[] picture = sample(name);
        for (int length = 16; length < picture.length - 8; length += 61) {
            assertThat(inspect(Arrays.copyOf(picture, length)))
                    .as(name + " cut at " + length)
                    .isEqualTo("TRUNCATED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"portrait.jpg", "avatar.gif"})
    void seesThatTheLastBytesAreMissing(String name) throws IOException {
        byte[] picture = sample(name);
        assertThat(inspect(Arrays.copyOf(picture, picture.length - 1))).isEqualTo("TRUNCATED");
    }

    @ParameterizedTest
    // Behind the pixels of the PNG there are two chunks of text, of 98 bytes in all.
    @CsvSource({
        "portrait.jpg, 2, 22",
        "portrait.jpg, 1, 21",
        "avatar.png, 12, 120",
        "avatar.png, 9, 117",
        "avatar.gif, 1, 21"
    })
    void tellsAPictureWithoutItsEndMarkerFromOneThatIsCut(String name, int missing, int first) throws IOException {
        byte[] picture = sample(name);
        byte[] endless = Arrays.copyOf(picture, picture.length - missing);
        Inspection inspection = new Inspection(PIXELS);
        assertThat(inspection
                        .inspect(Bytes.of(endless, endless.length), MediaKind.DEFAULT, true)
                        .endless())
                .isTrue();
        assertThat(inspection
                        .inspect(Bytes.of(picture, picture.length), MediaKind.DEFAULT, true)
                        .endless())
                .isFalse();
        for (int more = first; more < picture.length - 16; more += picture.length / 40) {
            byte[] cut = Arrays.copyOf(picture, picture.length - more);
            assertThatExceptionOfType(TransferException.class)
                    .as(name + " without its last " + more)
                    .isThrownBy(() -> inspection.inspect(Bytes.of(cut, cut.length), MediaKind.DEFAULT, true));
            byte[] filled = Arrays.copyOf(cut, picture.length);
            assertThatExceptionOfType(TransferException.class)
                    .as(name + " filled up from its last " + more)
                    .isThrownBy(() -> inspection.inspect(Bytes.of(filled, filled.length), MediaKind.DEFAULT, true));
        }
    }

    @Test
    void seesThatACutJpegWasFilledUpWithZeros() throws IOException {
        byte[] picture = sample("portrait.jpg");
        byte[] cut = Arrays.copyOf(Arrays.copyOf(picture, picture.length / 2), picture.length);
        assertThat(inspect(cut)).isEqualTo("TRUNCATED");
    }

    @Test
    void doesNotTakeTheEndOfAThumbnailForTheEndOfThePicture() throws IOException {
        byte[] picture = sample("portrait.jpg");
        byte[] thumbnail = Pictures.jpeg(1);
        byte[] withThumbnail = ByteBuffer.allocate(picture.length + thumbnail.length + 4)
                .put(picture, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (thumbnail.length + 2))
                .put(thumbnail)
                .put(picture, 2, picture.length - 2)
                .array();
        assertThat(inspect(withThumbnail)).isEmpty();
        assertThat(inspect(Arrays.copyOf(withThumbnail, withThumbnail.length - 2)))
                .isEqualTo("TRUNCATED");
    }

    @Test
    void skipsBytesBetweenTheSegmentsOfAJpeg() throws IOException {
        byte[] picture = sample("portrait.jpg");
        byte[] odd = ByteBuffer.allocate(picture.length + 6)
                .put(picture, 0, 2)
                .put(HexFormat.of().parseHex("ffff00ff00ff"))
                .put(picture, 2, picture.length - 2)
                .array();
        assertThat(inspect(odd)).isEmpty();
    }

    @Test
    void takesAGifWhoseDataEndsTwice() throws IOException {
        byte[] gif = sample("avatar.gif");
        byte[] odd = Arrays.copyOf(gif, gif.length + 1);
        odd[gif.length - 1] = 0;
        odd[gif.length] = 0x3b;
        assertThat(inspect(odd)).isEmpty();
    }

    @Test
    void takesAWebpWithoutItsLastPaddingByte() throws IOException {
        byte[] webp = sample("portrait.webp");
        assertThat(inspect(Arrays.copyOf(webp, webp.length - 1))).isEmpty();
        assertThat(inspect(Arrays.copyOf(webp, webp.length - 2))).isEqualTo("TRUNCATED");
    }

    @ParameterizedTest
    @CsvSource({
        "ffd8ffc2000b08c350c350010000ffda0002ffd9, 50000 x 50000",
        "ffd8ffe00004ffc0ffc1000b08c3501000010000ffda0002ffd9, 4096 x 50000",
        "474946383961ffffffff0000003b, 65535 x 65535",
        "474946383961010001000000002c00000000ffffffff0002003b, 65535 x 65535",
        "52494646160000005745425056503820000000000000009d012affffffff, 16383 x 16383",
        "5249464616000000574542505650384c000000002fffffff0f000000000000, 16384 x 16384",
        "524946461600000057454250565038580a00000000000000ffffffffffffff, 16777216 x 16777216",
        "89504e470d0a1a0a0000000d49484452ffffffffffffffff08020000000000000000000049454e44, 4294967295 x 4294967295",
    })
    void refusesMorePixelsThanAllowed(String hex, String size) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        TransferException failure = failure(bytes);
        assertThat(failure.kind()).isEqualTo(FailureKind.TOO_MANY_PIXELS);
        assertThat(failure).hasMessage(size + " pixels, mediaferry.fetch.max-pixels allows 50000000");
    }

    @Test
    void allowsAsManyPixelsAsTheSettingSays() throws IOException {
        assertThat(inspect(Pictures.claiming(50_000, 1_000))).isEmpty();
        assertThat(inspect(Pictures.claiming(50_001, 1_000))).isEqualTo("TOO_MANY_PIXELS");
        assertThat(inspect(Pictures.claiming(0, 1_000))).isEmpty();
    }

    @Test
    void callsNothingAndASinglePixelPlaceholders() throws IOException {
        byte[] tracker = HexFormat.of()
                .parseHex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b");
        assertThat(inspect(new byte[0])).isEqualTo("PLACEHOLDER");
        assertThat(inspect(tracker)).isEqualTo("PLACEHOLDER");
        assertThat(inspect(Pictures.blank(1, 1))).isEqualTo("PLACEHOLDER");
        assertThat(inspect(Pictures.blank(2, 1))).isEmpty();
        assertThat(inspect(Pictures.blank(1, 2))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<svg/>",
                "<SVG xmlns='http://www.w3.org/2000/svg'></SVG>",
                "\ufeff  <?xml version='1.0'?>\n<!-- a -- b -->\n<!DOCTYPE svg PUBLIC \"-//W3C\" \"x\" [<!ENTITY a 'b'>]>\n<svg >",
                "<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>"
            })
    void takesAnSvgOnlyWhereTheFieldAllowsIt(String text) throws IOException {
        byte[] svg = text.getBytes(StandardCharsets.UTF_8);
        assertThat(inspect(svg)).isEqualTo("NOT_MEDIA");
        assertThat(inspect(svg, EnumSet.allOf(MediaKind.class))).isEmpty();
        assertThat(inspect(svg, Set.of(MediaKind.IMAGE, MediaKind.PDF))).isEqualTo("NOT_MEDIA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!doctype html><svg/>",
                "<html><svg/></html>",
                "{\"svg\":1}",
                "svg",
                "<svgx/>",
                "<?xml version='1.0'?><Error><svg/></Error>"
            })
    void takesNoOtherTextForAnSvg(String text) throws IOException {
        assertThat(inspect(text.getBytes(StandardCharsets.UTF_8), EnumSet.complementOf(EnumSet.of(MediaKind.OTHER))))
                .isEqualTo("NOT_MEDIA");
    }

    @Test
    void takesAPdfOnlyWhereTheFieldAllowsIt() throws IOException {
        byte[] pdf = "%PDF-1.7".getBytes(StandardCharsets.US_ASCII);
        assertThat(inspect(pdf)).isEqualTo("NOT_MEDIA");
        assertThat(inspect(pdf, Set.of(MediaKind.PDF))).isEmpty();
        assertThat(inspect(Pictures.jpeg(1), Set.of(MediaKind.PDF))).isEqualTo("NOT_MEDIA");
    }

    /** @return the kind of failure, or nothing */
    private String inspect(byte[] bytes) throws IOException {
        return inspect(bytes, MediaKind.DEFAULT);
    }

    /** In memory and in a file, which have to agree. */
    private String inspect(byte[] bytes, Set<MediaKind> kinds) throws IOException {
        String inMemory = outcome(Bytes.of(Arrays.copyOf(bytes, bytes.length + 1), bytes.length), kinds);
        try (Bytes inFile = Bytes.of(Files.write(directory.resolve("medium"), bytes))) {
            assertThat(outcome(inFile, kinds)).isEqualTo(inMemory);
        }
        return inMemory;
    }

    private static String outcome(Bytes bytes, Set<MediaKind> kinds) throws IOException {
        try {
            new Inspection(PIXELS).inspect(bytes, kinds, false);
            return "";
        } catch (TransferException e) {
            return e.kind().name();
        }
    }

    private static TransferException failure(byte[] bytes) {
        TransferException[] failure = new TransferException[1];
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(
                        () -> new Inspection(PIXELS).inspect(Bytes.of(bytes, bytes.length), MediaKind.DEFAULT, false))
                .satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    private static byte[] sample(String name) throws IOException {
        try (InputStream in = InspectionTest.class.getResourceAsStream("/dev/mediaferry/demo/" + name)) {
            return in.readAllBytes();
        }
    }
}
