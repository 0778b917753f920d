package dev.mediaferry.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that has complained at twenty requests per second. */
class AdaptiveRateTest {

    private static final int MOST = 32;
    private static final int TOGETHER = 10;

    private long now = -Duration.ofMillis(500).toNanos();
    private AdaptiveRate rate = complainedAt(20, Double.POSITIVE_INFINITY);

    @ParameterizedTest
    @CsvSource({"0, .85", "2, .89", "4, .93", "34, .93", "64, .93", "65, .9355", "74, 1.03", "94, 1.53", "364, 47.43"})
    void cutsRecoversHoldsAndThenProbesFasterAndFaster(double clean, double share) {
        assertThat(AdaptiveRate.share(clean, 60)).isCloseTo(share, within(1e-6));
    }

    @Test
    void goesAtAShareOfTheLimit() {
        assertThat(rate.limit()).isEqualTo(20);
        assertThat(rate.perSecond()).isEqualTo(AdaptiveRate.CUT * 20);
        assertThat(rate.together()).isEqualTo(8);
        goodUntil(AdaptiveRate.RAMP);
        assertThat(rate.perSecond()).isCloseTo(AdaptiveRate.CRUISE * 20, within(0.01));
    }

    @Test
    void putsOffTheNextProbingWhenTheLimitIsConfirmed() {
        while (rate.perSecond() < 20.5) {
            good();
        }
        rate.complaint(TOGETHER);
        assertThat(rate.limit()).isCloseTo(20.5, within(0.2));
        assertThat(rate.hold()).isEqualTo(2 * AdaptiveRate.FIRST_HOLD);
    }

    @ParameterizedTest
    @ValueSource(doubles = {4, 10, 19.6})
    void lowersTheLimitTheMoreTheSoonerAHostComplainsBelowIt(double clean) {
        goodUntil(clean);
        double before = rate.perSecond();
        rate.complaint(TOGETHER);
        assertThat(rate.limit()).isCloseTo(before * (1 - 0.7 / clean), within(0.1));
    }

    @Test
    void doesNotBelieveALimitThatIsComplainedOfAtOnce() {
        good();
        double before = rate.perSecond();
        rate.complaint(TOGETHER);
        assertThat(rate.limit()).isCloseTo(before * AdaptiveRate.LEFT, within(0.01));
    }

    @Test
    void forgivesAfterFiveMinutesOfProbing() {
        int answers = 0;
        while (rate.isLimited() && answers < 2_000_000) {
            good();
            answers++;
        }
        assertThat(rate.perSecond()).isInfinite();
        assertThat(rate.together()).isEqualTo(MOST);
    }

    @Test
    void recoversUpToTheConfiguredCeilingAndNoFurther() {
        rate = complainedAt(10, 10);
        assertThat(rate.perSecond()).isCloseTo(8.5, within(0.01));
        while (rate.perSecond() < 10) {
            good();
        }
        for (int i = 0; i < 100; i++) {
            good();
        }
        assertThat(rate.perSecond()).isEqualTo(10);
    }

    private AdaptiveRate complainedAt(int perSecond, double ceiling) {
        AdaptiveRate learnt = new AdaptiveRate(ceiling, MOST, now);
        for (int i = 0; i < perSecond; i++) {
            learnt.good(now);
            now += Duration.ofSeconds(1).toNanos() / perSecond;
        }
        learnt.complaint(TOGETHER);
        return learnt;
    }

    private void goodUntil(double clean) {
        while (rate.clean() < clean) {
            good();
        }
    }

    private void good() {
        now += Duration.ofMillis(50).toNanos();
        rate.good(now);
    }
}
