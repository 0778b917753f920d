package dev.mediaferry.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mediaferry.pace.HostLimits.Learnt;
import dev.mediaferry.pace.HostLimits.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one host teaches, on a clock that starts below zero and passes it, as that of System.nanoTime may. */
class HostLimiterTest {

    private static final int MOST = 32;

    private long now = -Duration.ofMillis(5_300).toNanos();
    private HostLimiter lane = new HostLimiter(0, MOST, now);

    @Test
    void holdsNobodyBackBeforeTheFirstComplaint() {
        for (int i = 0; i < MOST; i++) {
            assertThat(lane.enter(now)).isZero();
        }
        assertThat(lane.isPaced(now)).isFalse();
        assertThat(lane.rate()).isInfinite();
        assertThat(lane.enter(now)).isPositive();
    }

    @Test
    void takesTheLastSecondForTheLimitWhenAHostComplainsFirst() {
        good(200, 25);
        complain(null);
        assertThat(learnt().limit()).isCloseTo(40, within(1.0));
        assertThat(lane.rate()).isCloseTo(34, within(1.0));
        assertThat(learnt().state()).isEqualTo(State.SHUT_OUT);
        assertThat(lane.closedFor(now)).isEqualTo(seconds(1));
    }

    @Test
    void countsWhatWasGrantedBesideTheFirstComplaint() {
        good(10, 1);
        long[] together = new long[20];
        for (int i = 0; i < together.length; i++) {
            together[i] = enter();
        }
        pass(1);
        complain(null);
        for (long started : together) {
            lane.good(now, started, false);
        }
        assertThat(learnt().limit()).isEqualTo(30);
    }

    @Test
    void takesFewRequestsForNoLimit() {
        good(2, 10);
        complain(null);
        assertThat(learnt().limit()).isEqualTo(AdaptiveRate.FLOOR);
    }

    @Test
    void reactsOnceToWhatWasUnderWayTogether() {
        good(100, 10);
        long[] together = new long[20];
        for (int i = 0; i < together.length; i++) {
            together[i] = enter();
        }
        pass(1);
        for (long started : together) {
            lane.complaint(now, started, false, null);
        }
        assertThat(lane.rate()).isCloseTo(85, within(1.0));
        assertThat(lane.closedFor(now)).isEqualTo(seconds(1));
        assertThat(lane.isOpen()).isFalse();
    }

    @Test
    void findsTheRateThatAHostAllows() {
        double allowed = 20;
        int refused = 0;
        int granted = 0;
        long begin = now;
        long window = now;
        int used = 0;
        while (now - begin < seconds(600)) {
            long wait = lane.enter(now);
            if (wait > 0) {
                now += wait;
                continue;
            }
            long started = now;
            now += Duration.ofMillis(1).toNanos();
            if (now - window >= seconds(1)) {
                window = now - Math.floorMod(now - begin, seconds(1));
                used = 0;
            }
            boolean fine = used < allowed;
            used += fine ? 1 : 0;
            if (now - begin > seconds(20)) {
                granted += fine ? 1 : 0;
                refused += fine ? 0 : 1;
            }
            if (fine) {
                lane.good(now, started, wait == HostLimiter.PROBE);
            } else {
                lane.complaint(now, started, wait == HostLimiter.PROBE, null);
            }
        }
        assertThat(granted / 580.0).isBetween(0.85 * allowed, allowed);
        assertThat((double) refused / granted).isLessThan(0.001);
    }

    @Test
    void spacesTheRequestsEvenlyAndNeverMakesABurst() {
        slowTo(20);
        int within = 0;
        long begin = now;
        while (now - begin < seconds(10)) {
            if (lane.enter(now) == 0) {
                lane.good(now, now, false);
                within++;
            }
            now += Duration.ofMillis(1).toNanos();
        }
        assertThat(within).isBetween(160, 200);

        pass(60_000);
        assertThat(lane.enter(now)).isZero();
        assertThat(lane.enter(now)).isPositive();
    }

    @Test
    void askedToStayAwayStaysAwayThatLong() {
        complain(Duration.ofSeconds(90));
        assertThat(lane.enter(now)).isEqualTo(seconds(90));
        pass(89_999);
        assertThat(lane.enter(now)).isPositive();
        pass(1);
        assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
    }

    @Test
    void opensAfterFiveFailuresAndAsksOnceToSeeWhetherToClose() {
        good(10, 1);
        pass(120_000);
        for (int i = 0; i < HostLimiter.DOWN; i++) {
            assertThat(lane.isOpen()).isFalse();
            lane.failure(now, enter(), false, false);
        }
        assertThat(lane.isOpen()).isTrue();
        assertThat(lane.room(now, 100)).isZero();

        for (int seconds = 2; seconds <= 32; seconds *= 2) {
            assertThat(lane.closedFor(now)).isEqualTo(seconds(seconds));
            pass(seconds * 1000L);
            assertThat(lane.room(now, 100)).isEqualTo(1);
            assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
            assertThat(lane.room(now, 100)).isZero();
            assertThat(lane.enter(now)).isPositive();
            lane.failure(now, now, true, false);
        }
        pass(64_000);
        assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
        lane.good(now, now, true);
        pass(1000);
        assertThat(lane.isOpen()).isFalse();
        assertThat(lane.enter(now)).isZero();
    }

    @Test
    void leavesAHostThatWasWellJustNowAloneForFourSecondsAtMost() {
        good(10, 1);
        complain(null);
        for (int seconds : new int[] {1, 2, 4, 4, 4}) {
            assertThat(lane.closedFor(now)).isEqualTo(seconds(seconds));
            pass(seconds * 1000L);
            assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
            lane.complaint(now, now, true, null);
        }
    }

    @Test
    void keepsCountOfFailuresInARowOnly() {
        for (int i = 0; i < 20; i++) {
            lane.failure(now, enter(), false, false);
            good(i % 4 == 3 ? 1 : 0, 1);
        }
        assertThat(lane.isOpen()).isFalse();
        assertThat(learnt().state()).isEqualTo(State.FREE);
    }

    @Test
    void slowsDownWhenAHostThatAnsweredRefusesConnections() {
        good(50, 10);
        lane.failure(now, enter(), false, true);
        assertThat(learnt().limit()).isEqualTo(50);
        assertThat(lane.closedFor(now)).isZero();
    }

    @Test
    void letsAnotherProbeGoWhenOneSaidNothing() {
        complain(null);
        pass(1000);
        assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
        lane.leave(true);
        pass(500);
        assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
    }

    @Test
    void asksForFewerAtATimeWhereManyTogetherAreRefused() {
        int bears = 4;
        for (int round = 0; round < 60; round++) {
            pass(2000);
            if (lane.enter(now) == HostLimiter.PROBE) {
                lane.good(now, now, true);
            } else {
                lane.leave(false);
            }
            List<Long> together = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                pass(150);
                if (lane.enter(now) == 0) {
                    together.add(now);
                }
            }
            pass(1);
            for (int i = 0; i < together.size(); i++) {
                if (i < bears) {
                    lane.good(now, together.get(i), false);
                } else {
                    lane.complaint(now, together.get(i), false, null);
                }
            }
        }
        assertThat(lane.concurrency()).isBetween(1, bears);
    }

    @Test
    void goesOnFromWhatAnEarlierProcessHasLearnt() {
        slowTo(20);
        good(200, 50);
        complain(Duration.ofSeconds(7));
        Learnt known = learnt();
        lane = new HostLimiter(0, MOST, now);
        lane.recall(known, now);
        assertThat(lane.rate()).isCloseTo(known.rate(), within(0.01));
        assertThat(lane.closedFor(now)).isEqualTo(seconds(7));
        assertThat(lane.takeChanged()).isFalse();
        pass(7000);
        assertThat(lane.enter(now)).isEqualTo(HostLimiter.PROBE);
        assertThat(lane.enter(now)).isPositive();
    }

    @Test
    void claimsTwoSecondsAheadAtALearntPace() {
        slowTo(20);
        int room = lane.room(now, 1000);
        assertThat(room).isBetween(30, 40);
        for (int i = 0; i < room; i++) {
            lane.reserve(now, Long.MAX_VALUE);
        }
        assertThat(lane.room(now, 1000)).isZero();
        pass(1100);
        assertThat(lane.room(now, 1000)).isBetween(15, 25);
    }

    @Test
    void tellsThoseWhoAreTooEarlyToComeBackOneAfterTheOther() {
        slowTo(20);
        while (lane.enter(now) == 0) {
            lane.leave(false);
        }
        long first = lane.enter(now);
        long second = lane.enter(now);
        assertThat(second - first).isCloseTo((long) (0.5e9 / lane.rate()), within(1000L));
    }

    @Test
    void asksAHostThatHasNotAnsweredYetForAFewAtATime() {
        assertThat(lane.room(now, 1000)).isEqualTo(MOST / 4);
        assertThat(lane.room(now, 1000)).isZero();
        pass(500);
        assertThat(lane.room(now, 1000)).isEqualTo(MOST / 4);
        good(1, 0);
        assertThat(lane.room(now, 1000)).isEqualTo(1000);
    }

    private void slowTo(int limit) {
        good(limit, 1000 / limit);
        complain(null);
        pass(1000);
        good(1, 50);
        assertThat(learnt().limit()).isCloseTo(limit, within(0.5));
    }

    /** @param millis between two answers */
    private void good(int answers, int millis) {
        for (int i = 0; i < answers; i++) {
            lane.enter(now);
            lane.good(now, now, true);
            pass(millis);
        }
    }

    private void complain(Duration retryAfter) {
        lane.complaint(now, enter(), false, retryAfter);
    }

    private long enter() {
        lane.enter(now);
        return now;
    }

    private Learnt learnt() {
        return lane.learnt("a.example", now);
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
