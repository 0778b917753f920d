package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many names that lead to one address are one server's. */
class CrowdedAddressTest {

    private static final String REGISTRY =
            """
            hosts: ["*"]
            fields:
              - { table: Photo, column: url, folder: photos }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private final AtomicInteger together = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private CountDownLatch third;

    @BeforeEach
    void begin() {
        third = new CountDownLatch(3);
    }

    @Test
    void isAskedByNoMoreThanSoManyAtATimeOverAllItsHosts() {
        for (int i = 0; i < 12; i++) {
            String link = slow(i);
            SANDBOX.photo("row" + i, i % 2 == 0 ? link : link.replace("127.0.0.1", "localhost"));
        }
        assertThat(engine().migrate(RunOptions.ALL).migrated()).isEqualTo(12);
        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    void isAskedAsItsHostBearsWhenThatIsAlone() {
        for (int i = 0; i < 12; i++) {
            SANDBOX.photo("row" + i, slow(i));
        }
        assertThat(engine().migrate(RunOptions.ALL).migrated()).isEqualTo(12);
        assertThat(most.get()).isGreaterThan(2);
    }

    private static Engine engine() {
        String authority = SANDBOX.cdn().authority();
        return SANDBOX.engine(
                REGISTRY,
                "fetch.concurrency-per-address",
                "2",
                "fetch.allow-private",
                authority + "," + authority.replace("127.0.0.1", "localhost"));
    }

    /** @return a link whose answer waits a moment for two others */
    private String slow(int seed) {
        return SANDBOX.cdn().link((exchange, request) -> {
            most.accumulateAndGet(together.incrementAndGet(), Math::max);
            third.countDown();
            try {
                boolean unused = third.await(200, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            together.decrementAndGet();
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
        });
    }
}
