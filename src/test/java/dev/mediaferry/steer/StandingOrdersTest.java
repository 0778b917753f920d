package dev.mediaferry.steer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.steer.StandingOrder.Kind;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class StandingOrdersTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private final Hosts hosts = SANDBOX.engine().cases().hosts();

    /** Each wish is given by an operator of its own, at the same time. */
    @Test
    void keepsWhatTwoOperatorsWantOfAHostAtOnce() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 50; i++) {
                String host = "host" + i + ".example";
                Future<?> pause = other.submit(() -> hosts.pause(host, true, "anna"));
                hosts.setRate(host, 2.0, "bert");
                pause.get();
            }
        } finally {
            other.shutdownNow();
        }
        assertThat(orders())
                .hasSize(50)
                .allMatch(order -> order.paused() && Double.valueOf(2).equals(order.rate()));
    }

    @Test
    void takesAnOrderBackWithItsLastWish() {
        hosts.pause("cdn.example", true, "anna");
        hosts.setRate("cdn.example", 2.0, "bert");
        hosts.pause("cdn.example", false, "anna");
        assertThat(orders()).singleElement().satisfies(order -> {
            assertThat(order.kind()).isEqualTo(Kind.HOST);
            assertThat(order.rate()).isEqualTo(2.0);
            assertThat(order.who()).isEqualTo("anna");
        });
        hosts.setRate("cdn.example", null, "bert");
        assertThat(orders()).isEmpty();
    }

    private static List<StandingOrder> orders() {
        return new StandingOrders(SANDBOX.engine().services().database()).all();
    }
}
