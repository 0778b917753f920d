package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.Reception;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.ledger.Transfer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {

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
        assertThat(Answers.retryAfter(value, NOW)).isEqualTo(wait);
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
        assertThat(Answers.retryAfter(value, NOW)).isNull();
    }

    @Test
    void takesNoHeaderForNoAnswer() {
        assertThat(Answers.retryAfter(null, NOW)).isNull();
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
        assertThat(Answers.retryAfter(value, NOW)).isEqualTo(Duration.ofDays(1));
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

    @Test
    void ignoresTheLengthOfEncodedBytes() throws Exception {
        try (Content content = content(PICTURE, "3", "gzip")) {
            assertThat(content.length()).isEqualTo(PICTURE.length);
        }
    }

    @Test
    void refusesA200WithoutABody() {
        assertThatThrownBy(() -> answers().content(null, 200, null, null, null, MediaKind.DEFAULT))
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
        assertThatThrownBy(() -> answers().content(body, 404, null, null, null, MediaKind.DEFAULT))
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
                .isThrownBy(() -> answers().content(null, status, null, null, retryAfter, MediaKind.DEFAULT))
                .satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    private Content content(byte[] body, String length, String encoding) throws Exception {
        return answers().content(new ByteArrayInputStream(body), 200, length, encoding, null, MediaKind.DEFAULT);
    }

    private Answers answers() {
        return new Answers(new Reception(spool, 1_000_000, 50_000_000));
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
