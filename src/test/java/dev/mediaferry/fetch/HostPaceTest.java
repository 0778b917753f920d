package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPaceTest {

    private long now = -Duration.ofMillis(700).toNanos();
    private final HostPace pace = pace("500ms, quick.example=0, slow.example=10s");

    @Test
    void spacesTheRequestsToOneHost() {
        assertThat(reserve("a.example")).isZero();
        assertThat(reserve("a.example")).isEqualTo(500);
        assertThat(reserve("a.example")).isEqualTo(1000);
    }

    @Test
    void letsHostsGoTheirOwnWays() {
        reserve("a.example");
        assertThat(reserve("b.example")).isZero();
        assertThat(reserve("slow.example")).isZero();
        assertThat(reserve("slow.example")).isEqualTo(10_000);
        assertThat(reserve("a.example")).isEqualTo(500);
    }

    @Test
    void countsTheTimeThatPassedMeanwhile() {
        reserve("a.example");
        pass(Duration.ofMillis(200));
        assertThat(reserve("a.example")).isEqualTo(300);
    }

    @Test
    void savesNoTimeThatNobodyUsed() {
        reserve("a.example");
        pass(Duration.ofMinutes(1));
        assertThat(reserve("a.example")).isZero();
        assertThat(reserve("a.example")).isEqualTo(500);
    }

    @Test
    void holdsNobodyWithoutADelay() {
        assertThat(pace.isPaced("quick.example")).isFalse();
        assertThat(reserve("quick.example")).isZero();
        assertThat(reserve("quick.example")).isZero();
        pace.enter("quick.example").end();
        assertThat(pace.room("quick.example", 1000)).isEqualTo(1000);
        assertThat(pace.isPaced("a.example")).isTrue();
    }

    @Test
    void keepsEverybodyAwayFromAHostThatAskedForIt() {
        pace.close("quick.example", Duration.ofSeconds(7));
        assertThat(pace.isPaced("quick.example")).isTrue();
        assertThat(reserve("quick.example")).isEqualTo(7000);
        assertThat(pace.closedFor("quick.example")).isEqualTo(Duration.ofSeconds(7));
        pass(Duration.ofSeconds(7));
        assertThat(pace.isPaced("quick.example")).isFalse();
        assertThat(reserve("quick.example")).isZero();
    }

    @Test
    void doesNotShortenAPause() {
        pace.close("a.example", Duration.ofSeconds(5));
        pace.close("a.example", Duration.ofSeconds(1));
        assertThat(reserve("a.example")).isEqualTo(5000);
        assertThat(reserve("a.example")).isEqualTo(5500);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, 0, 1000, 11",
        "a.example, 0, 5, 5",
        "a.example, 1, 1000, 10",
        "a.example, 10, 1000, 1",
        "a.example, 11, 1000, 0",
        "slow.example, 0, 1000, 1",
        "slow.example, 1, 1000, 0",
    })
    void givesAwayTheNextFiveSeconds(String host, int reserved, int most, int room) {
        for (int i = 0; i < reserved; i++) {
            pace.reserve(host);
        }
        assertThat(pace.room(host, most)).isEqualTo(room);
    }

    @Test
    void hasRoomAgainWhenTheTimeHasPassed() {
        reserve("slow.example");
        pass(Duration.ofMillis(4999));
        assertThat(pace.room("slow.example", 10)).isZero();
        pass(Duration.ofMillis(1));
        assertThat(pace.room("slow.example", 10)).isEqualTo(1);
    }

    @Test
    void hasNoRoomAtAPausedHost() {
        pace.enter("quick.example").end();
        pace.close("quick.example", Duration.ofMillis(5001));
        assertThat(pace.room("quick.example", 10)).isZero();
        pass(Duration.ofMillis(1));
        assertThat(pace.room("quick.example", 10)).isEqualTo(10);
    }

    @Test
    void reservesNothingThatIsTooFarAwayToWaitFor() {
        pace.close("a.example", Duration.ofSeconds(7));
        assertThat(reserve("a.example")).isEqualTo(7000);
        assertThat(reserve("a.example")).isEqualTo(7000);
    }

    @Test
    void letsNoMoreThanSoManyGoToOneAddressOnceSeveralHostsAreThere() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("192.0.2.2");
        HostPace crowded = new HostPace(
                Delays.parse("0"), 32, 2, host -> Optional.of(host.startsWith("alone") ? other : one), () -> now);
        for (int i = 0; i < 5; i++) {
            assertThat(crowded.enter("alone.example").begun()).isTrue();
        }
        Visit first = crowded.enter("a.example");
        assertThat(first.begun()).isTrue();
        assertThat(crowded.enter("b.example").begun()).isTrue();
        Visit third = crowded.enter("c.example");
        assertThat(third.begun()).isFalse();
        assertThat(third.crowded()).isTrue();
        assertThat(third.comeBackIn()).isEqualTo(Duration.ofMillis(50));
        assertThat(crowded.enter("a.example").comeBackIn()).isEqualTo(Duration.ofMillis(55));
        for (int i = 0; i < 100; i++) {
            crowded.enter("a.example");
        }
        assertThat(crowded.room("a.example", 10)).isZero();
        assertThat(crowded.room("alone.example", 3)).isEqualTo(3);
        first.end();
        first.end();
        assertThat(crowded.enter("c.example").begun()).isTrue();
        assertThat(crowded.enter("c.example").begun()).isFalse();
        pass(Duration.ofSeconds(2));
        assertThat(crowded.room("a.example", 10)).isPositive();
    }

    /** The clock starts below zero and passes it, as that of System.nanoTime may. */
    private HostPace pace(String delays) {
        return new HostPace(Delays.parse(delays), 32, () -> now);
    }

    private long reserve(String host) {
        return pace.reserve(host).toMillis();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void nobodyWaitsForAFile() {
        HostPace pace = pace("500ms");
        for (int i = 0; i < 100; i++) {
            assertThat(pace.reserve(HostPace.LOCAL)).isZero();
        }
    }
}
