package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a run when the bucket goes away in the middle of it. */
class OutageTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();
    private static final Gate STORE =
            new Gate(URI.create(SANDBOX.settings().text("storage.endpoint")).getPort());

    private static Engine engine;

    private static Engine engine() {
        if (engine == null) {
            engine = SANDBOX.engine(
                    Sandbox.REGISTRY,
                    "storage.endpoint",
                    "http://127.0.0.1:" + STORE.port());
        }
        return engine;
    }

    @AfterEach
    void openTheGates() {
        STORE.open();
    }

    @Test
    void triesAgainWhileTheStoreIsBusy() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            if (request == 1) {
                STORE.answer("503 Slow Down", 8);
            }
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        RunReport report = engine().migrate(RunOptions.ALL);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly(SANDBOX.key(SANDBOX.url("1")));
    }

    @Test
    void leavesRowsWaitingWhenTheStoreStaysAway() {
        String link = CDN.link((exchange, request) -> {
            STORE.shut();
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        });
        SANDBOX.photo("1", link);
        engine().migrate(RunOptions.ALL);
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting storage-unavailable");
        assertThat(SANDBOX.url("1")).isEqualTo(link);
    }

    @Test
    void saysWhatIsWrongWhenTheStoreLetsNothingIn() {
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            STORE.answer("403 Forbidden");
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        assertThat(engine().migrate(RunOptions.ALL).waiting()).isEqualTo(1);
        assertThat(SANDBOX.outcome("1")).isEqualTo("waiting storage-denied");
    }

    @Test
    void refusesToStartWithoutTheBucket() {
        assertThatThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "storage.bucket", "nowhere"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.storage.bucket")
                .hasMessageContaining("has no bucket 'nowhere'");
        assertThatThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "storage.secret-key", "wrong"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.storage.access-key");
        assertThatThrownBy(() -> SANDBOX.engine(Sandbox.REGISTRY, "storage.endpoint", "http://127.0.0.1:1"))
                .isInstanceOf(ServiceUnreachableException.class)
                .hasMessageContaining("cannot reach the object store");
    }
}
