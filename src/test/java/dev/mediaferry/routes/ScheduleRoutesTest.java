package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When runs start by themselves, over processes and time. */
@Tag("slow")
class ScheduleRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final Duration START = Duration.ofMinutes(2);

    @Test
    void startsEachRunInOneOfTwoProcesses() throws Exception {
        List<String> ones = options("one", "0/2 * * * * ?");
        List<String> twos = options("two", "0/2 * * * * ?");
        try (Program one = Program.start(ones, "run");
                Program two = Program.start(twos, "run")) {
            Awaitility.await()
                    .atMost(START)
                    .until(() -> one.err().contains("fields;") && two.err().contains("fields;") && workers() == 2);
            long before = runs();
            Awaitility.await().atMost(START).until(() -> runs() >= before + 4);
        }
        assertThat(SANDBOX.sql()
                        .sql("select options ->> 'scheduled' from mediaferry.run")
                        .query(String.class)
                        .list())
                .as("fires that started a run")
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @Test
    void startsAMissedRunOnceAtTheNextStart() throws Exception {
        List<String> nightly = options("nightly", "0 0 3 * * ?");
        try (Program before = Program.start(nightly, "run")) {
            Awaitility.await().atMost(START).until(() -> before.err().contains("fields;"));
            before.terminate();
            before.await();
        }
        assertThat(runs()).isZero();
        SANDBOX.execute("update mediaferry.qrtz_triggers set next_fire_time = next_fire_time - 7 * 86400000::bigint");
        SANDBOX.photo("1", SANDBOX.cdn().picture());
        try (Program after = Program.start(nightly, "run")) {
            Awaitility.await().atMost(START).until(() -> SANDBOX.url("1").contains("/photos/"));
            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> runs() == 1);
        }
    }

    private static List<String> options(String home, String schedule) throws Exception {
        return SANDBOX.options(
                Path.of("target", "test-home", SANDBOX.bucketName(), home),
                Sandbox.REGISTRY,
                "home",
                "target/test-home/" + SANDBOX.bucketName() + "/" + home,
                "schedule",
                schedule,
                "schedule.time-zone",
                "UTC");
    }

    private static long workers() {
        return count("worker");
    }

    private static long runs() {
        return count("run");
    }

    private static long count(String table) {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry." + table)
                .query(Long.class)
                .single();
    }
}
