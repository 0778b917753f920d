package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private final Circuit circuit = new Circuit(Duration.ofMillis(20));

    @Test
    void pausesAfterFiveRefusalsInARow() throws Exception {
        circuit.accepted();
        for (int i = 1; i < Circuit.REFUSALS; i++) {
            assertThat(circuit.refused("no " + i)).isEmpty();
        }
        assertThat(circuit.refused("no 5")).map(Circuit.Pause::reason).contains("no 5");
        assertThat(circuit.enter()).isEmpty();
        assertThat(circuit.room()).isZero();
        assertThat(circuit.mayBeAsked()).isFalse();
    }

    @Test
    void countsAnewAfterASuccess() throws Exception {
        for (int round = 0; round < 3; round++) {
            for (int i = 1; i < Circuit.REFUSALS; i++) {
                circuit.refused("no");
            }
            circuit.accepted();
        }
        assertThat(circuit.pause()).isEmpty();
        assertThat(circuit.enter()).contains(Circuit.UNCOUNTED);
    }

    @Test
    void putsOneObjectToTheTestWhenTheBucketAnswers() throws Exception {
        pause();
        Awaitility.await().until(circuit::probeIsDue);
        assertThat(circuit.enter()).isEmpty();
        circuit.answered();
        assertThat(circuit.room()).isEqualTo(1);
        Optional<Runnable> trial = circuit.enter();
        assertThat(trial).isPresent();
        assertThat(circuit.enter()).isEmpty();
        assertThat(circuit.room()).isZero();
        circuit.refused("still no");
        trial.get().run();
        assertThat(circuit.enter()).isEmpty();
        assertThat(circuit.pause()).map(Circuit.Pause::reason).contains("still no");

        Awaitility.await().until(circuit::probeIsDue);
        circuit.answered();
        trial = circuit.enter();
        assertThat(circuit.accepted()).isPresent();
        trial.get().run();
        assertThat(circuit.enter()).contains(Circuit.UNCOUNTED);
        assertThat(circuit.room()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void putsAnotherObjectToTheTestWhenTheFirstDidNotComeToThat() throws Exception {
        pause();
        circuit.answered();
        circuit.enter().orElseThrow().run();
        assertThat(circuit.room()).isEqualTo(1);
        assertThat(circuit.enter()).isPresent();
    }

    @Test
    void letsInAHandfulUntilTheFirstObjectIsStored() throws Exception {
        for (int i = 0; i < Circuit.TRIALS; i++) {
            assertThat(circuit.enter()).isPresent();
        }
        CompletableFuture<Optional<Runnable>> next = CompletableFuture.supplyAsync(() -> {
            try {
                return circuit.enter();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> !next.isDone());
        circuit.accepted();
        assertThat(next.get(1, TimeUnit.SECONDS)).contains(Circuit.UNCOUNTED);
    }

    @Test
    void doesNotHoldUpAllForHostsThatAreSlow() throws Exception {
        for (int i = 0; i < Circuit.TRIALS; i++) {
            assertThat(circuit.enter()).isPresent();
        }
        assertThat(CompletableFuture.supplyAsync(() -> {
                            try {
                                return circuit.enter();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .get(5, TimeUnit.SECONDS))
                .isPresent();
    }

    private void pause() {
        for (int i = 0; i < Circuit.REFUSALS; i++) {
            circuit.refused("no");
        }
    }
}
