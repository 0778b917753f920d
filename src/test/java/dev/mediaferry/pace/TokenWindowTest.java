package dev.mediaferry.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenWindowTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final TokenWindow spacing = new TokenWindow();
    private long now = -3 * SECOND;

    @Test
    void letsTheFirstGo() {
        assertThat(spacing.until(now, SECOND / 20)).isNotPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20, 200, 2000})
    void letsAsManyGoAsTheyAskFor(int perSecond) {
        int gone = 0;
        long end = now + 10 * SECOND;
        for (long next = now; next - end < 0; next += SECOND / perSecond) {
            gone += ask(next, perSecond) ? 1 : 0;
        }
        assertThat(gone).isEqualTo(10 * perSecond);
    }

    @Test
    void makesUpForAStopOfHalfASecond() {
        List<Long> gone = rush(20, 2000);
        now += SECOND / 2;
        gone.addAll(rush(20, 500));
        assertThat(gone.stream().filter(time -> now - time <= SECOND)).hasSizeBetween(18, 20);
    }

    @Test
    void keepsItsRateWhereRowsComeInJerks() {
        int gone = 0;
        for (int jerk = 0; jerk < 100; jerk++) {
            gone += burst(20);
            now += 100 * MILLI;
        }
        assertThat(gone).isBetween(190, 210);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 20, 100})
    void neverLetsMoreThanTheLimitGoInASecond(int limit) {
        double perSecond = AdaptiveRate.CRUISE * limit;
        List<Long> gone = rush(perSecond, 3000);
        for (int pause : new int[] {20, 200, 500, 999, 5000, 0, 50}) {
            now += pause * MILLI;
            gone.addAll(rush(perSecond, 1000));
        }
        for (long begin : gone) {
            assertThat(gone.stream().filter(time -> time - begin >= 0 && time - begin < 0.98 * SECOND))
                    .hasSizeLessThanOrEqualTo(limit);
        }
    }

    @Test
    void letsAFifthOfASecondsWorthGoAtOnce() {
        assertThat(burst(100)).isEqualTo(20);
        now += 10 * SECOND;
        assertThat(burst(7)).isEqualTo(1);
    }

    @Test
    void keepsSlowOnesApart() {
        assertThat(ask(now, 1)).isTrue();
        assertThat(spacing.until(now + SECOND / 2, 2 * SECOND)).isEqualTo((long) (0.98 * 2 * SECOND) - SECOND / 2);
    }

    private int burst(int perSecond) {
        int gone = 0;
        while (ask(now, perSecond)) {
            gone++;
        }
        return gone;
    }

    /** @return when those went that many were waiting for */
    private List<Long> rush(double perSecond, int millis) {
        List<Long> gone = new ArrayList<>();
        for (long end = now + millis * MILLI; now - end < 0; now += MILLI) {
            if (ask(now, perSecond)) {
                gone.add(now);
            }
        }
        return gone;
    }

    private boolean ask(long time, double perSecond) {
        boolean goes = spacing.until(time, (long) (SECOND / perSecond)) <= 0;
        if (goes) {
            spacing.went(time);
        }
        return goes;
    }
}
