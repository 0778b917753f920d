package dev.mediaferry.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    @ParameterizedTest
    @EnumSource(
            names = {
                "GONE",
                "EXPIRED",
                "FORBIDDEN",
                "REFUSED",
                "ADDRESS_REFUSED",
                "BAD_REDIRECT",
                "TOO_LARGE",
                "NOT_MEDIA",
                "COLUMN_TOO_NARROW",
                "ROW_REFUSED",
                "STORAGE_REFUSED"
            })
    void givesUpWhatCanNeverWork(FailureKind kind) {
        assertThat(RetryPolicy.next(kind, 1, Optional.empty())).isEmpty();
        assertThat(RetryPolicy.next(kind, 1, Optional.of(Duration.ofSeconds(5))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "TIMEOUT", "UNAVAILABLE", "TRUNCATED", "ROW_LOCKED", "STORAGE_UNAVAILABLE"})
    void triesThreeTimesWithinARun(FailureKind kind) {
        assertThat(next(kind, 1)).matches(RetryPolicy.Next::inRun);
        assertThat(next(kind, 2)).matches(RetryPolicy.Next::inRun);
        assertThat(next(kind, 3)).matches(next -> !next.inRun());
        assertThat(next(kind, 4)).matches(RetryPolicy.Next::inRun);
    }

    @ParameterizedTest
    @EnumSource(names = {"STORAGE_DENIED", "DISK_FULL", "INTERNAL"})
    void leavesToALaterRunWhatASecondTryWouldNotCure(FailureKind kind) {
        assertThat(next(kind, 1).inRun()).isFalse();
        assertThat(next(kind, 1).delay()).isBetween(Duration.ofMinutes(45), Duration.ofMinutes(75));
    }

    @ParameterizedTest
    @CsvSource({
        "1, PT1S",
        "2, PT4S",
        "3, PT1H",
        "4, PT1S",
        "5, PT4S",
        "6, PT2H",
        "9, PT4H",
        "12, PT8H",
        "15, PT16H",
    })
    void waitsAboutSoLongAfterAnAttempt(int attempt, Duration about) {
        for (int i = 0; i < 200; i++) {
            assertThat(next(FailureKind.UNAVAILABLE, attempt).delay())
                    .isBetween(
                            about.multipliedBy(3).dividedBy(4),
                            about.multipliedBy(5).dividedBy(4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 21, 24, 27})
    void neverWaitsLongerThanADay(int attempt) {
        assertThat(next(FailureKind.UNAVAILABLE, attempt)).isEqualTo(new RetryPolicy.Next(false, Duration.ofHours(24)));
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 31, 300})
    void neverGivesUpWhatTheStoreRefusesForAReasonOfItsOwn(int attempt) {
        assertThat(RetryPolicy.next(FailureKind.STORAGE_DENIED, attempt, Optional.empty()))
                .isPresent();
        assertThat(RetryPolicy.next(FailureKind.DISK_FULL, attempt, Optional.empty()))
                .isEmpty();
    }

    @Test
    void spreadsItsWaits() {
        assertThat(IntStream.range(0, 50)
                        .mapToObj(i -> next(FailureKind.UNAVAILABLE, 3).delay())
                        .distinct()
                        .count())
                .isGreaterThan(25);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE", "INTERNAL"})
    void givesUpAfterThirtyAttempts(FailureKind kind) {
        assertThat(RetryPolicy.MAX_ATTEMPTS).isEqualTo(30);
        assertThat(RetryPolicy.next(kind, 29, Optional.empty())).isPresent();
        assertThat(RetryPolicy.next(kind, 30, Optional.empty())).isEmpty();
        assertThat(RetryPolicy.next(kind, 31, Optional.of(Duration.ofSeconds(1))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, true", "PT7S, true", "PT60S, true", "PT60.001S, false", "PT2H, false"})
    void waitsAsLongAsTheServerAsks(Duration asked, boolean inRun) {
        assertThat(RetryPolicy.next(FailureKind.RATE_LIMITED, 1, Optional.of(asked)))
                .contains(new RetryPolicy.Next(inRun, asked));
    }

    @Test
    void waitsLongerThanPlannedForALaterRunWhenTheServerAsks() {
        assertThat(RetryPolicy.next(FailureKind.RATE_LIMITED, 3, Optional.of(Duration.ofDays(3))))
                .contains(new RetryPolicy.Next(false, Duration.ofDays(3)));
    }

    @Test
    void doesNotComeBackSoonerThanPlannedForALaterRun() {
        assertThat(RetryPolicy.next(FailureKind.RATE_LIMITED, 3, Optional.of(Duration.ofSeconds(5))))
                .hasValueSatisfying(
                        next -> assertThat(next.delay()).isBetween(Duration.ofMinutes(45), Duration.ofMinutes(75)));
    }

    private static RetryPolicy.Next next(FailureKind kind, int attempt) {
        return RetryPolicy.next(kind, attempt, Optional.empty()).orElseThrow();
    }
}
