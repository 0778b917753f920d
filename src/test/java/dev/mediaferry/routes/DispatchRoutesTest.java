package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.ImpatientEngine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What is claimed goes to the ferry by its number alone, over an endpoint that several processes may share. */
@Tag("slow")
class DispatchRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    /** The common pool has one thread on a small machine, which the second engine opens its store with. */
    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    @TempDir
    Path queue;

    @BeforeEach
    void addRows() {
        SANDBOX.photo("moved", SANDBOX.cdn().picture());
        SANDBOX.photo("lost", SANDBOX.cdn().answering(404));
        AtomicInteger asked = new AtomicInteger();
        SANDBOX.photo("later", SANDBOX.cdn().link((exchange, request) -> {
            boolean first = asked.getAndIncrement() == 0;
            UnrulyCdn.send(exchange, first ? 503 : 200, first ? new byte[0] : Pictures.jpeg(7));
        }));
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void goesThroughWhateverEndpointTheSettingNames() {
        assertDone(engine().migrate(RunOptions.ALL));
    }

    @Test
    void isCarriedByAnotherProcessWhichTheRunLearnsFromTheLedger() throws Exception {
        Engine asking = engine();
        asking.context().getRouteController().stopRoute("dispatch");
        Future<RunReport> run = threads.submit(() -> asking.migrate(RunOptions.ALL));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> messages().size() == 3);
        assertThat(messages()).allMatch(message -> message.matches("[0-9]+"));

        Engine carrying = engine();
        assertDone(run.get(60, TimeUnit.SECONDS));
        assertThat(carrying.currentRuns()).isEmpty();
        assertThat(messages()).isEmpty();
    }

    @Test
    void passesOverWhatHasEndedMeanwhile() throws Exception {
        Engine asking = engine();
        asking.context().getRouteController().stopRoute("dispatch");
        Future<RunReport> run = threads.submit(() -> asking.migrate(RunOptions.ALL));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> messages().size() == 3);
        SANDBOX.execute("update mediaferry.transfer set state = 'superseded', worker = null where state = 'claimed'");

        engine();
        assertThat(run.get(60, TimeUnit.SECONDS).superseded()).isEqualTo(3);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> messages().isEmpty());
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void passesOverWhatIsNoNumber() throws Exception {
        Files.writeString(queue.resolve("stray"), "drop table");
        assertDone(engine().migrate(RunOptions.ALL));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> messages().isEmpty());
    }

    @Test
    void aMessageThatCannotBeReadEndsNoRun() throws Exception {
        Engine engine = SANDBOX.engine(Sandbox.REGISTRY, "dispatch.endpoint", "seda:numbers");
        engine.context().getRouteController().stopRoute("dispatch");
        Future<RunReport> run = threads.submit(() -> engine.migrate(RunOptions.ALL));
        try (ProducerTemplate others = engine.context().createProducerTemplate()) {
            // So it is with a file that another process has taken meanwhile.
            others.sendBody("seda:numbers", new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("gone");
                }

                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    throw new IOException("gone");
                }
            });
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> claimed() == 3);
        engine.context().getRouteController().startRoute("dispatch");
        assertDone(run.get(60, TimeUnit.SECONDS));
    }

    @Test
    void sendsANumberOnceMoreThatWasLostOnItsWay() throws Exception {
        try (Engine engine = ImpatientEngine.startSendingAgain(
                SANDBOX.settings("dispatch.endpoint", endpoint()), Sandbox.REGISTRY)) {
            engine.context().getRouteController().stopRoute("dispatch");
            Future<RunReport> run = threads.submit(() -> engine.migrate(RunOptions.ALL));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> messages().size() == 3);
            FileSystemUtils.deleteRecursively(queue);
            Files.createDirectory(queue);

            engine.context().getRouteController().startRoute("dispatch");
            assertDone(run.get(60, TimeUnit.SECONDS));
        }
    }

    private static long claimed() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.transfer where state = 'claimed'")
                .query(Long.class)
                .single();
    }

    private Engine engine() {
        return SANDBOX.engine(Sandbox.REGISTRY, "dispatch.endpoint", endpoint());
    }

    private String endpoint() {
        return "file:" + queue + "?tempPrefix=.&delete=true&initialDelay=0&delay=50";
    }

    private static void assertDone(RunReport report) {
        assertThat(report.found()).isEqualTo(3);
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(report.dead()).isEqualTo(Map.of("gone", 1L));
        assertThat(SANDBOX.outcome("moved")).isEqualTo("linked");
        assertThat(SANDBOX.outcome("later")).isEqualTo("linked");
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    private List<String> messages() {
        try (Stream<Path> files = Files.list(queue)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(Files::isRegularFile)
                    .map(DispatchRoutesTest::text)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
