package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.content.BodyReader;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.ledger.Transfer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final byte[] PICTURE = Pictures.png(1);

    @TempDir
    private Path spool;

    @ParameterizedTest
    @CsvSource({
        "404, GONE",
        "410, GONE",
        "401, FORBIDDEN",
        "403, FORBIDDEN",
        "408, TIMEOUT",
        "429, RATE_LIMITED",
        "425, UNAVAILABLE",
        "500, UNAVAILABLE",
        "501, UNAVAILABLE",
        "502, UNAVAILABLE",
        "503, UNAVAILABLE",
        "504, UNAVAILABLE",
        "599, UNAVAILABLE",
        "201, REFUSED",
        "204, REFUSED",
        "206, REFUSED",
        "304, REFUSED",
        "400, REFUSED",
        "402, REFUSED",
        "451, REFUSED",
    })
    void tellsTheKindFromTheStatus(int status, FailureKind kind) {
        TransferException failure = refusal(status, null);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessage("the server answered HTTP " + status);
        assertThat(failure.retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"429, RATE_LIMITED", "503, RATE_LIMITED", "500, UNAVAILABLE", "502, UNAVAILABLE", "504, UNAVAILABLE"})
    void hearsWhenToComeBack(int status, FailureKind kind) {
        TransferException failure = refusal(status, "7");
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void takes503WithNonsenseForUnavailable() {
        assertThat(refusal(503, "soon").kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "7, PT7S",
        "' 120 ', PT2M",
        "86400, PT24H",
        "'Thu, 01 Jan 2026 12:00:30 GMT', PT30S",
        "' Thu, 01 Jan 2026 13:00:00 GMT', PT1H",
        "'Thu, 01 Jan 2026 12:00:00 GMT', PT0S",
        "'Wed, 31 Dec 2025 23:00:00 GMT', PT0S",
    })
    void readsBothFormsOfRetryAfter(String value, Duration wait) {
        assertThat(ResponseReader.retryAfter(value, NOW)).isEqualTo(wait);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "-1",
                "1.5",
                "0x10",
                "7s",
                "2026-01-01T12:00:30Z",
                "Thu, 32 Jan 2026 12:00:30 GMT"
            })
    void takesNonsenseForNoAnswer(String value) {
        assertThat(ResponseReader.retryAfter(value, NOW)).isNull();
    }

    @Test
    void takesNoHeaderForNoAnswer() {
        assertThat(ResponseReader.retryAfter(null, NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "86401",
                "999999999",
                "9999999999999999999999",
                "Sat, 03 Jan 2026 12:00:30 GMT",
                "Fri, 31 Dec 9999 23:59:59 GMT"
            })
    void staysAwayForADayAtMost(String value) {
        assertThat(ResponseReader.retryAfter(value, NOW)).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void receivesTheBodyOfA200() throws Exception {
        try (Content content = content(PICTURE, "" + PICTURE.length, null)) {
            assertThat(content.bytes()).isEqualTo(PICTURE);
        }
    }

    @Test
    void comparesTheBodyWithItsAnnouncedLength() {
        assertThatThrownBy(() -> content(PICTURE, "" + (PICTURE.length + 1), null))
                .hasMessage("got %d of %d bytes announced", PICTURE.length, PICTURE.length + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "-1", "1,1", "9999999999999999999"})
    void ignoresALengthThatIsNoNumber(String length) throws Exception {
        try (Content content = content(PICTURE, length, null)) {
            assertThat(content.length()).isEqualTo(PICTURE.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "x-gzip",
                "GZIP",
                "deflate",
                "raw deflate",
                "deflate, gzip",
                "identity, gzip",
                "gzip,gzip"
            })
    void decodesWhatIsEncodedWhateverItsLength(String encoding) throws Exception {
        byte[] encoded = PICTURE;
        for (String coding : encoding.replace("identity,", "").split(",")) {
            encoded = encoded(coding.strip(), encoded);
        }
        try (Content content = content(encoded, "" + encoded.length, encoding.replace("raw ", ""))) {
            assertThat(content.bytes()).isEqualTo(PICTURE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "identity", "none", "aws-chunked", "utf-8", "zstd, gzip"})
    void takesThePictureThatOnlyItsHeaderCallsEncoded(String encoding) throws Exception {
        try (Content content = content(PICTURE, "" + PICTURE.length, encoding)) {
            assertThat(content.bytes()).isEqualTo(PICTURE);
        }
        assertThatThrownBy(() -> content(PICTURE, "" + (PICTURE.length + 1), encoding))
                .hasMessageStartingWith("got " + PICTURE.length);
    }

    @Test
    void tellsEncodedBytesThatEndTooEarlyFromThoseThatAreNone() throws Exception {
        byte[] gzip = encoded("gzip", PICTURE);
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> content(Arrays.copyOf(gzip, gzip.length / 2), null, "gzip"))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TRUNCATED));
        byte[] damaged = gzip.clone();
        Arrays.fill(damaged, 10, gzip.length, (byte) 0xff);
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> content(damaged, null, "gzip"))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.NOT_MEDIA));
    }

    @ParameterizedTest
    @CsvSource({"203, ", "206, bytes 0-ALL", "206, bytes 0-ALL ", "200, bytes 0-1/2"})
    void takesAnAnswerThatIsAllOfTheMedium(int status, String range) throws Exception {
        String all = range == null ? null : range.replace("ALL", (PICTURE.length - 1) + "/" + PICTURE.length);
        Answer answer = new Answer(new ByteArrayInputStream(PICTURE), status, null, all, "image/png", null, null, null);
        try (Content content = answers().content(answer, MediaKind.DEFAULT)) {
            assertThat(content.bytes()).isEqualTo(PICTURE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 0-9/100", "bytes 1-99/100", "bytes 0-99/*", "bytes */100", "0-99/100", ""})
    void refusesAPart(String range) {
        Answer answer = new Answer(new ByteArrayInputStream(PICTURE), 206, null, range, null, null, null, null);
        assertThatThrownBy(() -> answers().content(answer, MediaKind.DEFAULT))
                .hasMessage("the server answered HTTP 206 with a part of the medium");
    }

    @Test
    void noticesThatAPartHasFewerBytesThanItSays() {
        Answer answer = new Answer(
                new ByteArrayInputStream(PICTURE), 206, null, "bytes 0-99999/100000", null, null, null, null);
        assertThatThrownBy(() -> answers().content(answer, MediaKind.DEFAULT)).hasMessageStartingWith("got ");
    }

    @Test
    void saysWhatCameInsteadOfAMediumAndFromWhere() {
        Answer page = new Answer(
                new ByteArrayInputStream("<!DOCTYPE html>\n<p>Sign in".getBytes(StandardCharsets.UTF_8)),
                200,
                null,
                null,
                "image/jpeg\u0007",
                "br",
                null,
                "https://b.example/login");
        assertThatThrownBy(() -> answers().content(page, MediaKind.DEFAULT))
                .hasMessage("the answer is an HTML page, the field takes image, video only; it begins with"
                        + " \"<!DOCTYPE html> <p>Sign in\"; Content-Type image/jpeg?, Content-Encoding br,"
                        + " at https://b.example/login, where the link leads");
        Answer gone = new Answer(null, 404, null, null, null, null, null, "https://b.example/x");
        assertThatThrownBy(() -> answers().content(gone, MediaKind.DEFAULT))
                .hasMessage("the server answered HTTP 404 at https://b.example/x, where the link leads");
    }

    private static byte[] encoded(String coding, byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoder = coding.toLowerCase(Locale.ROOT).endsWith("gzip")
                ? new GZIPOutputStream(out)
                : new DeflaterOutputStream(out, new Deflater(9, coding.startsWith("raw")))) {
            encoder.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void refusesA200WithoutABody() {
        assertThatThrownBy(() -> answers().content(answer(null, 200, null, null, null), MediaKind.DEFAULT))
                .hasMessage("the answer is empty");
    }

    @Test
    void closesTheBodyOfARefusal() {
        boolean[] closed = new boolean[1];
        InputStream body = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertThatThrownBy(() -> answers().content(answer(body, 404, null, null, null), MediaKind.DEFAULT))
                .isInstanceOf(TransferException.class);
        assertThat(closed).containsExactly(true);
    }

    @Test
    void asksNobodyForALinkWhoseDateHasPassed() {
        Instant passed = Instant.now().minusSeconds(1);
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> answers().checkDeadline(transfer(Optional.of(passed))))
                .withMessage("the link worked until " + passed)
                .extracting(TransferException::kind)
                .isEqualTo(FailureKind.EXPIRED);
    }

    @Test
    void asksForALinkThatStillWorks() {
        Transfer working = transfer(Optional.of(Instant.now().plusSeconds(60)));
        assertThatCode(() -> answers().checkDeadline(working)).doesNotThrowAnyException();
        assertThatCode(() -> answers().checkDeadline(transfer(Optional.empty())))
                .doesNotThrowAnyException();
    }

    private TransferException refusal(int status, String retryAfter) {
        TransferException[] failure = new TransferException[1];
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> answers().content(answer(null, status, null, null, retryAfter), MediaKind.DEFAULT))
                .satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    private Content content(byte[] body, String length, String encoding) throws Exception {
        return answers()
                .content(answer(new ByteArrayInputStream(body), 200, length, encoding, null), MediaKind.DEFAULT);
    }

    private static Answer answer(InputStream body, int status, String length, String encoding, String retryAfter) {
        return new Answer(body, status, length, null, null, encoding, retryAfter, null);
    }

    private ResponseReader answers() {
        return new ResponseReader(new BodyReader(spool, 1_000_000, 50_000_000));
    }

    private static Transfer transfer(Optional<Instant> deadline) {
        String link = "https://a.example/a.png";
        return new Transfer(
                1,
                1,
                1,
                "T.c",
                "1",
                link,
                link,
                "a.example",
                deadline,
                "f/1/r.{ext}",
                null,
                Transfer.ObjectState.NONE,
                1,
                false,
                NOW,
                null,
                false);
    }
}
