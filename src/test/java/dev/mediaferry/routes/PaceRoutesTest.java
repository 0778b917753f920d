package dev.mediaferry.routes;

import static dev.mediaferry.fixture.UnrulyCdn.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a host's answers teach, as its next requests show. */
@Tag("slow")
class PaceRoutesTest {

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1", "localhost"]
            fields:
              - { table: Photo, column: url, folder: photos }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private final Queue<Instant> asked = new ConcurrentLinkedQueue<>();

    @Test
    void waitsUntilTheDateThatRetryAfterNames() {
        Instant[] until = new Instant[1];
        CDN.otherwise((exchange, request) -> {
            asked.add(Instant.now());
            if (until[0] == null) {
                until[0] = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 3);
                exchange.getResponseHeaders()
                        .set(
                                "Retry-After",
                                DateTimeFormatter.RFC_1123_DATE_TIME.format(until[0].atZone(ZoneOffset.UTC)));
                send(exchange, 429, new byte[0]);
            } else {
                picture(exchange);
            }
        });
        rows("a", 3, CDN.authority());
        try (Engine engine = engine("fetch.concurrency", "1")) {
            assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(3);
        }
        assertThat(asked).hasSize(4);
        assertThat(asked.stream().skip(1).toList()).allMatch(time -> !time.isBefore(until[0].minusMillis(20)));
    }

    @Test
    void leavesAHostAloneThatAnswersNothingGoodAndAsksItOnceToSeeWhetherItIsWell() {
        AtomicInteger together = new AtomicInteger();
        Instant begin = Instant.now();
        CDN.otherwise((exchange, request) -> {
            asked.add(Instant.now());
            boolean well = Duration.between(begin, Instant.now()).toMillis() > 6000;
            if (well) {
                picture(exchange);
            } else {
                together.incrementAndGet();
                send(exchange, 500, new byte[0]);
            }
        });
        rows("a", 300, CDN.authority());
        try (Engine engine = engine()) {
            assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(300);
        }
        // A handful before it is noticed, and then one after 2 s, 4 s …
        assertThat(together.get()).isLessThan(25);
        List<Map<String, Object>> held = hosts();
        assertThat(held).noneMatch(host -> (Integer) host.get("strikes") > 0);
    }

    @Test
    void doesNotHoldUpOtherHostsWhileOneRefusesConnections() throws Exception {
        int port;
        try (java.net.ServerSocket closed = new java.net.ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        CDN.otherwise((exchange, request) -> {
            asked.add(Instant.now());
            picture(exchange);
        });
        rows("a", 500, "localhost:" + port);
        rows("b", 500, CDN.authority());
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Engine engine = engine("fetch.allow-private", CDN.authority() + ",localhost:" + port)) {
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(() -> engine.migrate(RunOptions.ALL), thread);
            Awaitility.await().until(() -> !asked.isEmpty());
            Instant first = asked.peek();
            Awaitility.await().until(() -> asked.size() == 500);
            assertThat(Duration.between(first, Instant.now())).isLessThan(Duration.ofSeconds(10));
            Awaitility.await().until(() -> hosts().stream()
                    .anyMatch(host -> host.get("host").equals("localhost") && (Integer) host.get("strikes") > 1));

            Instant stopped = Instant.now();
            engine.drain();
            RunReport report = run.get(30, TimeUnit.SECONDS);
            assertThat(Duration.between(stopped, Instant.now())).isLessThan(Duration.ofSeconds(6));
            assertThat(report.migrated()).isEqualTo(500);
            assertThat(report.adds()).isTrue();
        } finally {
            thread.shutdownNow();
        }
        assertThat(attempts()).isLessThan(30);
    }

    @Test
    void beginsAfterARestartAtThePaceThatItHadLearnt() {
        AtomicInteger refused = new AtomicInteger();
        long[] window = new long[2];
        CDN.otherwise((exchange, request) -> {
            asked.add(Instant.now());
            if (allows(window, 20)) {
                picture(exchange);
            } else {
                refused.incrementAndGet();
                send(exchange, 429, new byte[0]);
            }
        });
        rows("a", 70, CDN.authority());
        try (Engine engine = engine()) {
            assertThat(engine.migrate(RunOptions.ALL).found()).isEqualTo(70);
        }
        assertThat(refused).hasPositiveValue();
        assertThat(hosts()).singleElement().satisfies(host -> assertThat((Double) host.get("rate"))
                .isBetween(4.0, 25.0));
        refused.set(0);
        asked.clear();

        SANDBOX.execute("delete from mediaferry.transfer", "delete from \"Photo\"");
        rows("b", 40, CDN.authority());
        try (Engine engine = engine()) {
            assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(40);
        }
        List<Instant> times = List.copyOf(asked);
        // What was learnt from a few answers may be a little too much; a burst would be refused again and again.
        assertThat(refused.get()).isLessThan(4);
        assertThat(Duration.between(times.get(0), times.get(39))).isGreaterThan(Duration.ofMillis(1400));
    }

    @Test
    void asksForFewerAtATimeWhereManyTogetherAreRefused() {
        AtomicInteger together = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        CDN.otherwise((exchange, request) -> {
            boolean tooMany = together.incrementAndGet() > 4;
            LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
            together.decrementAndGet();
            if (tooMany) {
                refused.incrementAndGet();
                send(exchange, 503, new byte[0]);
            } else {
                picture(exchange);
            }
        });
        rows("a", 100, CDN.authority());
        try (Engine engine = engine()) {
            RunReport report = engine.migrate(RunOptions.ALL);
            assertThat(report.migrated() + report.waiting()).isEqualTo(100);
            assertThat(report.migrated()).isGreaterThan(80);
        }
        assertThat(refused.get()).isLessThan(80);
        assertThat(hosts()).singleElement().satisfies(host -> assertThat((Integer) host.get("concurrency"))
                .isLessThan(32));
    }

    @Test
    void doesNotLetAHostWithEarlierRowsKeepOthersFromBeingAsked() throws Exception {
        AtomicInteger late = new AtomicInteger();
        CDN.otherwise((exchange, request) -> {
            if (exchange.getRequestURI().getPath().startsWith("/b")) {
                late.incrementAndGet();
            } else {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            picture(exchange);
        });
        rows("a", 4000, CDN.authority());
        rows("b", 20, "localhost:" + CDN.authority().split(":")[1]);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Engine engine = engine(
                "fetch.allow-private",
                CDN.authority() + ",localhost:" + CDN.authority().split(":")[1])) {
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(() -> engine.migrate(RunOptions.ALL), thread);
            Awaitility.await().until(() -> late.get() == 20);
            int others = CDN.requests() - 20;
            engine.drain();
            run.get(30, TimeUnit.SECONDS);
            assertThat(others).isLessThan(2000);
        } finally {
            thread.shutdownNow();
        }
    }

    private static synchronized boolean allows(long[] window, int perSecond) {
        long second = System.nanoTime() / Duration.ofSeconds(1).toNanos();
        if (window[0] != second) {
            window[0] = second;
            window[1] = 0;
        }
        return ++window[1] <= perSecond;
    }

    private static Engine engine(String... keyValues) {
        return SANDBOX.engine(REGISTRY, keyValues);
    }

    private static List<Map<String, Object>> hosts() {
        return SANDBOX.sql().sql("select * from mediaferry.host_pace").query().listOfRows();
    }

    private static int attempts() {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.attempt")
                .query(Integer.class)
                .single();
    }

    private static void picture(HttpExchange exchange) throws IOException {
        send(exchange, 200, Pictures.jpeg(exchange.getRequestURI().getPath().hashCode()));
    }

    private static void rows(String prefix, int count, String authority) {
        SANDBOX.sql()
                .sql(
                        "insert into \"Photo\" select ? || lpad(i::text, 6, '0'), 'http://' || ? || '/' || ? || i || '.jpg'"
                                + " from generate_series(1, ?) i")
                .params(prefix, authority, prefix, count)
                .update();
    }
}
