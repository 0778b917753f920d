package dev.mediaferry.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.RouteTestSupport;
import dev.mediaferry.ledger.TransferState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order a run is opened, made, cleaned up after and closed. */
class MigrateOrderTest extends RouteTestSupport {

    private final Bookkeeping runs = new Bookkeeping();
    private final ExecutorService pool = Executors.newCachedThreadPool();

    MigrateOrderTest() {
        super("migrate", "open-run", "close-run", "ledger-outage");
    }

    /** What the routes call, which writes down when. */
    public static final class Bookkeeping {

        private final List<String> calls = new ArrayList<>();

        public Map<String, Object> shown(RunOptions options) {
            return Map.of("fields", options.fields());
        }

        public RunOpening opening(RunOptions options, String shown) {
            calls.add("options " + shown);
            return new RunOpening(1, "migrate", shown);
        }

        public Run open(RunOptions options, Object id) {
            calls.add("open " + id);
            return new Run(7, options, Instant.now(), Duration.ofHours(1), List.of());
        }

        public void checkNotGivenUp(Run run) {
            assertThat(run.id()).isEqualTo(7);
        }

        public RunReport report(Run run, List<RunOutcome> outcomes) {
            calls.add("report of " + outcomes.size() + " outcomes");
            return RunReport.of(run, List.of(), null, Duration.ofMillis(1500));
        }

        public RunClosing closing(RunReport report, String document) {
            return new RunClosing(7, document, false);
        }

        public void abandon(Throwable cause) {
            calls.add("abandon: " + cause);
        }

        public RunReport close(RunReport report) {
            calls.add("close");
            return report;
        }
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("runs", runs);
        registry.bind("fieldPool", pool);
    }

    @BeforeEach
    void replaceWhatIsCalled() throws Exception {
        AdviceWith.adviceWith(context, "migrate", advice -> {
            advice.weaveByToUri("direct:run-field").replace().to("mock:fields");
            advice.weaveByToUri("direct:sweep-objects").replace().to("mock:sweep");
            advice.weaveByToUri("direct:remember-hosts").replace().to("mock:remember");
            advice.weaveByToUri("seda:finished-runs*").replace().to("mock:finished");
        });
        AdviceWith.adviceWith(context, "open-run", advice -> {
            advice.weaveByToUri("direct:recover-claims").replace().to("mock:recover");
            advice.weaveByToUri("direct:recall-hosts").replace().to("mock:recall");
            advice.weaveByToUri("direct:obey-orders").replace().to("mock:obey");
            advice.weaveByToUri("sql:*").replace().toV("mock:opened", "opening", "number");
        });
        AdviceWith.adviceWith(context, "close-run", advice -> {
            advice.weaveByToUri("sql:classpath:sql/run-outcomes.sql").replace().toV("mock:outcomes", null, "outcomes");
            advice.weaveByToUri("sql:classpath:sql/close-run.sql").replace().toV("mock:closed", "closing", "closed");
        });
        context.start();
        getMockEndpoint("mock:opened").whenAnyExchangeReceived(exchange -> {
            runs.calls.add("opened");
            exchange.getMessage().setBody(7L);
        });
        getMockEndpoint("mock:recover").whenAnyExchangeReceived(exchange -> runs.calls.add("recover"));
        getMockEndpoint("mock:sweep").whenAnyExchangeReceived(exchange -> runs.calls.add("sweep"));
        getMockEndpoint("mock:outcomes").whenAnyExchangeReceived(exchange -> {
            runs.calls.add("outcomes");
            exchange.getMessage().setBody(List.of(new RunOutcome("Photo.url", TransferState.LINKED, null, 1, 1)));
        });
        getMockEndpoint("mock:closed").whenAnyExchangeReceived(exchange -> runs.calls.add("closed"));
    }

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void takesBackWhatTheDeadHeldBeforeItOpensAndSweepsBeforeItCounts() {
        assertThat(template.requestBody("direct:migrate", RunOptions.ALL)).isInstanceOf(RunReport.class);
        assertThat(runs.calls)
                .containsExactly(
                        "recover",
                        "options {\"fields\":[]}",
                        "opened",
                        "open 7",
                        "sweep",
                        "outcomes",
                        "report of 1 outcomes",
                        "closed",
                        "close");
    }

    @Test
    void writesTheReportDownAsJson() throws Exception {
        template.requestBody("direct:migrate", RunOptions.ALL);
        RunClosing closing = getMockEndpoint("mock:closed")
                .getExchanges()
                .get(0)
                .getMessage()
                .getBody(RunClosing.class);
        assertThat(new ObjectMapper().readTree(closing.report()).path("seconds").asDouble())
                .isEqualTo(1.5);
    }

    @Test
    void touchesNeitherClaimsNorObjectsInADryRun() throws Exception {
        for (String untouched :
                List.of("mock:recover", "mock:recall", "mock:obey", "mock:opened", "mock:sweep", "mock:remember")) {
            getMockEndpoint(untouched).expectedMessageCount(0);
        }
        template.requestBody(
                "direct:migrate", new RunOptions(List.of(), true, OptionalLong.empty(), OptionalInt.empty(), false));
        MockEndpoint.assertIsSatisfied(context);
        assertThat(runs.calls).startsWith("open null").endsWith("close");
    }
}
