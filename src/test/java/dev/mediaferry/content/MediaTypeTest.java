package dev.mediaferry.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

    @ParameterizedTest
    @CsvSource({
        "ffd8ffe000104a464946, image/jpeg, jpg",
        "ffd8ffdb, image/jpeg, jpg",
        "89504e470d0a1a0a0000000d, image/png, png",
        "474946383761, image/gif, gif",
        "474946383961, image/gif, gif",
        "524946462400000057454250, image/webp, webp",
        "52494646240000004156492020, video/x-msvideo, avi",
        "0000001c6674797061766966, image/avif, avif",
        "0000001c6674797061766973, image/avif, avif",
        "000000186674797068656963, image/heic, heic",
        "000000186674797068656978, image/heic, heic",
        "00000018667479706d696631, image/heif, heif",
        "000000146674797071742020, video/quicktime, mov",
        "00000020667479704d345620, video/x-m4v, m4v",
        "00000018667479703367703500, video/3gpp, 3gp",
        "00000020667479704d344120, audio/mp4, m4a",
        "00000020667479704d344220, audio/mp4, m4a",
        "00000020667479704d345020, audio/mp4, m4a",
        "000000206674797046344120, audio/mp4, m4a",
        "00000018667479706d6961660000000061766966, image/avif, avif",
        "0000001c667479706d736631000000006d736631617669736d696166, image/avif, avif",
        "0000001c667479706d696631000000006d696631617669666d696166, image/avif, avif",
        "0000001c667479706d696631000000006d6966316865696369736f38, image/heic, heic",
        "0000001c667479706d736631000000006d7366316865766369736f38, image/heic, heic",
        "00000014667479706d696631000000006d69663161766966, image/heif, heif",
        "00000018667479706865766300000000, image/heic, heic",
        "0000001c6674797069736f6d0000020061766966, video/mp4, mp4",
        "00000008776964650012d6876d646174, video/quicktime, mov",
        "0012d6876d64617400000000, video/quicktime, mov",
        "000000016d64617400000000, video/quicktime, mov",
        "000009d66d6f6f760000006c6d766864, video/quicktime, mov",
        "000000206674797069736f6d, video/mp4, mp4",
        "00000100667479706d703432, video/mp4, mp4",
        "1a45dfa39f4286810142f7810142f2810442f381084282847765626d, video/webm, webm",
        "1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61, video/x-matroska, mkv",
        "49492a0008000000, image/tiff, tiff",
        "4d4d002a00000008, image/tiff, tiff",
        "00000100010010100000, image/x-icon, ico",
        "0000000c4a584c200d0a870a, image/jxl, jxl",
        "ff0afa1f, image/jxl, jxl",
        "424d7600000000000000360000002800000010000000, image/bmp, bmp",
        "424d7600000000000000360000007c00000010000000, image/bmp, bmp",
        "255044462d312e37, application/pdf, pdf",
    })
    void isToldByTheFirstBytes(String head, String name, String extension) {
        assertThat(MediaType.of(bytes(head))).contains(new MediaType(name, extension));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ff",
                "ffd8",
                "89504e47",
                "474946383861",
                "524946462400000057415645",
                "000000000000000057454250",
                "58585858240000004156492020",
                "0000001c667479",
                "476574206d6f6f766965",
                "0000000477696465",
                "424d",
                "424d7600000000000000360000",
                "424d7600000001000000360000002800000010000000",
                "424d7600000000000000360000002900000010000000",
                "424d7600000000000000360000002801000010000000",
                "1a45df",
                "504b0304",
                "7f454c46",
            })
    void isNotGuessed(String head) {
        assertThat(MediaType.of(bytes(head))).isEmpty();
    }

    @Test
    void recognisesRealPictures() {
        assertThat(MediaType.of(Pictures.jpeg(1))).contains(new MediaType("image/jpeg", "jpg"));
        assertThat(MediaType.of(Pictures.png(1))).contains(new MediaType("image/png", "png"));
        assertThat(MediaType.of(Pictures.gif(1))).contains(new MediaType("image/gif", "gif"));
    }

    @Test
    void needsNoMoreThanTheHead() {
        assertThat(MediaType.HEAD_LENGTH).isEqualTo(512);
        assertThat(MediaType.of(Arrays.copyOf(Pictures.png(1), 64))).isEqualTo(MediaType.of(Pictures.png(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpeg, IMAGE",
        "image/x-icon, IMAGE",
        "image/svg+xml, SVG",
        "video/mp4, VIDEO",
        "application/pdf, PDF",
        "audio/mp4, "
    })
    void isOfAKindThatFieldsName(String name, MediaKind kind) {
        assertThat(new MediaType(name, "x").kind()).isEqualTo(Optional.ofNullable(kind));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`<!DOCTYPE html><html>`, an HTML page",
                "`\n  <HTML lang=en>`, an HTML page",
                "<head>, an HTML page",
                "`<svg xmlns=''>`, an SVG picture",
                "`<?xml version='1.0'?><svg>`, an SVG picture",
                "`<?xml version='1.0'?><Error>`, XML",
                "`{\"error\":1}`, JSON",
                "[1], JSON",
                "Not found, text",
                "`a\r\n\tb`, text",
                "``, nothing",
                "`a\u0000b`, unknown bytes",
            })
    void describesWhatIsNoMedium(String text, String description) {
        assertThat(MediaType.describe(text.getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(description);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
