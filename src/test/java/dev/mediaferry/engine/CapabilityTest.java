package dev.mediaferry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.camel.Route;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine is made of what it is started for, and of no more. */
@Tag("slow")
class CapabilityTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @Test
    void anEngineThatShowsDeadLettersIsNoWorkerAndOpensNoBucket() {
        try (Engine engine = start(Capability.DEAD_LETTERS)) {
            assertThat(engine.deadLetters().list(DeadLetterFilter.ALL, 1).total())
                    .isZero();
            assertThat(workers()).isZero();
            assertThat(engine.context().getRegistry().lookupByName("objectStore"))
                    .isNull();
            assertThat(routes(engine)).hasSize(7).contains("list-dead-letters", "find-stale");
        }
    }

    @Test
    void anEngineThatVerifiesIsNoWorker() {
        try (Engine engine = start(Capability.VERIFY)) {
            assertThat(engine.verifications()
                            .run(new VerifyOptions(List.of(), OptionalLong.empty(), 0, false))
                            .total())
                    .isZero();
            assertThat(workers()).isZero();
            assertThat(routes(engine))
                    .containsExactlyInAnyOrder("verify", "compare-rows", "compare-bucket", "compare-page");
        }
    }

    private static Engine start(Capability capability) {
        return Engine.start(
                Services.open(SANDBOX.settings()),
                RegistryFile.parse("registry.yaml", Sandbox.REGISTRY),
                Path.of("routes").toAbsolutePath(),
                Set.of(capability));
    }

    private static List<String> routes(Engine engine) {
        return engine.context().getRoutes().stream().map(Route::getRouteId).toList();
    }

    private static long workers() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.worker")
                .query(Long.class)
                .single();
    }
}
