package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A minute at hosts that ban clients that ask too much, often and on a busy machine; the clock is simulated. */
@Tag("slow")
class StrictHostSimulationTest {

    private static final int RUNS = 40;

    /** From the first refusal, in seconds: the ban, the single requests that find its end, and the way up. */
    private static final double WARM_UP = 18;

    private static final double MEASURED = 60;

    /** @param bad of forty runs at the most: a busy machine may bunch what a host counts by the second */
    @ParameterizedTest
    @CsvSource({
        "5, true, 20, 0, 0, 0",
        "20, false, 4, 0, 0, 2",
        "20, false, 80, 0, 0, 8",
        "20, true, 4, 0, 0, 2",
        "20, true, 80, 0, 0, 0",
        "100, false, 20, 0, 0, 4",
        "100, true, 20, 0, 0, 2",
        "20, false, 4, 200, 0, 4",
        "20, false, 80, 0, 80, 4",
        "20, true, 80, 200, 0, 0",
        "100, false, 20, 100, 0, 4",
        "100, false, 20, 0, 80, 8"
    })
    void usesWhatIsAllowedAndIsHardlyEverRefused(
            int perSecond, boolean bucket, int latencyMillis, int busy, int jerks, int bad) {
        PaceSimulation.Machine machine = new PaceSimulation.Machine(busy, jerks);
        int failed = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            PaceSimulation.Outcome outcome =
                    new PaceSimulation(seed, perSecond, bucket, latencyMillis, machine).run(WARM_UP, MEASURED);
            boolean fine = outcome.used() >= 0.85 && outcome.refused() < 0.01 * outcome.requests();
            failed += fine ? 0 : 1;
        }
        assertThat(failed).isLessThanOrEqualTo(bad);
    }
}
