package dev.mediaferry.ferry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepeatedContentTest {

    private static final String GHOST = "a".repeat(64);
    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    private final AtomicInteger asked = new AtomicInteger();
    private final RepeatedContent repeated = new RepeatedContent(3, (host, sha256) -> {
        asked.incrementAndGet();
        return sha256.startsWith("b");
    });

    @Test
    void holdsWhatMoreThanTheAllowedNumberOfLinksGive() {
        for (int i = 0; i < 3; i++) {
            assertThat(passes(1, "http://a.example/" + i, GHOST)).isTrue();
        }
        assertThat(asked).hasValue(0);
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> repeated.check(transfer(1, "http://a.example/4", null), content(GHOST)))
                .withMessage("more than 3 links of a.example gave these very bytes, sha256 " + GHOST
                        + "; if they are meant: mediaferry quarantine release " + GHOST + " --host a.example")
                .extracting(TransferException::kind)
                .isEqualTo(FailureKind.PLACEHOLDER_SUSPECTED);
    }

    @Test
    void letsTheSameLinkThroughAnyNumberOfTimes() {
        for (int i = 0; i < 100; i++) {
            assertThat(passes(1, "http://a.example/same", GHOST)).isTrue();
        }
    }

    @Test
    void takesLinksThatWereSignedAnewForTheSame() {
        for (int i = 0; i < 100; i++) {
            Transfer signed = transfer(1, "http://a.example/same?e=" + i + "&v=beta&t=x", LATER);
            repeated.check(signed, content(GHOST));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(passes(2, "http://a.example/image?id=" + i, GHOST)).isTrue();
        }
        assertThat(passes(2, "http://a.example/image?id=4", GHOST)).isFalse();
    }

    @Test
    void asksTheLedgerOnceInAWhileAndNotForEveryRow() {
        for (int i = 0; i < 50; i++) {
            passes(1, "http://a.example/" + i, GHOST);
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void letsThroughWhatAnOperatorHasReleased() {
        for (int i = 0; i < 50; i++) {
            assertThat(passes(1, "http://a.example/" + i, "b".repeat(64))).isTrue();
        }
    }

    @Test
    void countsEachRunForItself() {
        for (int run = 1; run < 100; run++) {
            assertThat(passes(run, "http://a.example/" + run, GHOST)).isTrue();
        }
    }

    @Test
    void remembersWhatComesAgainAmongManyThatDoNot() {
        int held = 0;
        for (int i = 0; i < 200_000; i++) {
            boolean ghost = i % 10_000 == 0;
            if (!passes(1, "http://a.example/" + i, ghost ? GHOST : "c" + i)) {
                held++;
            }
        }
        assertThat(held).isEqualTo(17);
    }

    @Test
    void canBeTurnedOff() {
        RepeatedContent off = new RepeatedContent(0, (host, sha256) -> false);
        for (int i = 0; i < 50; i++) {
            off.check(transfer(1, "http://a.example/" + i, null), content(GHOST));
        }
    }

    private boolean passes(long run, String url, String sha256) {
        try {
            repeated.check(transfer(run, url, null), content(sha256));
            return true;
        } catch (TransferException e) {
            return false;
        }
    }

    private static Content content(String sha256) {
        return new Content(new byte[0], null, 0, sha256, new MediaType("image/png", "png"));
    }

    private static Transfer transfer(long run, String url, Instant deadline) {
        return new Transfer(
                1,
                run,
                1,
                "T.c",
                "1",
                url,
                url,
                "a.example",
                Optional.ofNullable(deadline),
                "f/1/r.{ext}",
                null,
                Transfer.ObjectState.NONE,
                1,
                false,
                Instant.EPOCH,
                null,
                false);
    }
}
