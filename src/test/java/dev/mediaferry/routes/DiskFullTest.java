package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a run when there is no room for what it has to keep on disk. */
@Tag("slow")
class DiskFullTest {

    private static final int MEGABYTE = 1024 * 1024;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    /** The system refuses to let a file grow, which is what a full disk does, on every system and without rights. */
    @Test
    void failsOnlyTheMediaThatDoNotFitIntoTheSpool() throws Exception {
        addMedia();
        Path home = Path.of("target", "test-home", SANDBOX.bucketName(), "limited");
        try (Program program = Program.startWithFilesUpTo(
                2048, SANDBOX.options(home, Sandbox.REGISTRY, "home", home.toString()), "migrate", "--json")) {
            assertThat(program.await()).as(program.err()).isEqualTo(1);
            assertThat(program.out()).contains("\"migrated\" : 3", "\"waiting\" : 1");
        }
        assertOnlyTheLargestWaits();
        assertThat(spooled(home)).isEmpty();
        assertThat(SANDBOX.migrate().left()).containsEntry("waiting", 1L);
        SANDBOX.execute("update mediaferry.transfer set due = now()");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
    }

    @Test
    void goesOnWithAFileSystemThatIsReallyFull() throws Exception {
        addMedia();
        Path disk = Files.createDirectories(
                Path.of("target", "test-home", SANDBOX.bucketName(), "disk").toAbsolutePath());
        assumeThat(succeeds("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()))
                .as("may mount a file system")
                .isTrue();
        try {
            Path options = Path.of("target", "test-home", SANDBOX.bucketName(), "options");
            try (Program program = Program.start(
                    SANDBOX.options(
                            options,
                            Sandbox.REGISTRY,
                            "home",
                            disk.resolve("home").toString(),
                            "home.min-free",
                            "0"),
                    "migrate",
                    "--json",
                    "--set",
                    "mediaferry.fetch.concurrency=1")) {
                assertThat(program.await()).as(program.err()).isEqualTo(1);
                assertThat(program.out()).contains("\"migrated\" : 3", "\"waiting\" : 1");
            }
            assertOnlyTheLargestWaits();
            assertThat(spooled(disk.resolve("home"))).isEmpty();
        } finally {
            assertThat(succeeds("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void stopsBeforeTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectories(
                Path.of("target", "test-home", SANDBOX.bucketName(), "low").toAbsolutePath());
        assumeThat(succeeds("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()))
                .as("may mount a file system")
                .isTrue();
        Path big = disk.resolve("big");
        try {
            for (int i = 0; i < 30; i++) {
                int seed = i;
                SANDBOX.photo("row" + i, SANDBOX.cdn().link((exchange, request) -> {
                    if (SANDBOX.cdn().requests() == 5) {
                        Files.write(big, new byte[40_000_000]);
                    }
                    UnrulyCdn.send(exchange, 200, Pictures.jpeg(seed));
                }));
            }
            String[] settings = {
                "home", disk.resolve("home").toString(), "home.min-free", "32MB", "fetch.delay-per-host", "100ms"
            };
            Path options = Path.of("target", "test-home", SANDBOX.bucketName(), "options");
            try (Program program = Program.start(
                    SANDBOX.options(options, Sandbox.REGISTRY, settings), "migrate", "--batch-size", "1")) {
                assertThat(program.await()).as(program.err()).isEqualTo(1);
                assertThat(program.out())
                        .contains("Ended early: only ", "mediaferry.home.min-free keeps 32.0 MB", "a later run");
            }
            long moved = count("linked");
            assertThat(moved).isBetween(1L, 29L);
            assertThat(count("dead")).isZero();
            Files.delete(big);
            try (Program program = Program.start(SANDBOX.options(options, Sandbox.REGISTRY, settings), "migrate")) {
                assertThat(program.await()).as(program.err()).isZero();
            }
            assertThat(count("linked")).isEqualTo(30);
        } finally {
            assertThat(succeeds("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void beginsNothingWhenLessIsFreeThanHasToBe() {
        SANDBOX.photo("1", SANDBOX.cdn().picture());
        RunReport report =
                SANDBOX.engine(Sandbox.REGISTRY, "home.min-free", "100000000GB").migrate(RunOptions.ALL);
        assertThat(report.failures().toString()).contains("mediaferry.home.min-free");
        assertThat(report.found()).isZero();
        assertThat(report.failed()).isTrue();
        assertThat(SANDBOX.cdn().requests()).isZero();
    }

    private static long count(String state) {
        return SANDBOX.sql()
                .sql("select count(*) from mediaferry.transfer where state = ?")
                .param(state)
                .query(Long.class)
                .single();
    }

    private static void addMedia() {
        SANDBOX.photo("small-1", CDN.picture());
        SANDBOX.photo("large", CDN.serving(Pictures.jpeg(2, MEGABYTE + MEGABYTE / 2)));
        SANDBOX.photo("largest", CDN.serving(Pictures.jpeg(3, 4 * MEGABYTE)));
        SANDBOX.photo("small-2", CDN.picture());
    }

    private static void assertOnlyTheLargestWaits() {
        assertThat(SANDBOX.outcome("largest")).isEqualTo("waiting disk-full");
        assertThat(SANDBOX.transfer("largest").get("message"))
                .asString()
                .containsPattern("cannot write to the spool directory .*: (File too large|No space left on device)");
        for (String id : List.of("small-1", "large", "small-2")) {
            assertThat(SANDBOX.outcome(id)).isEqualTo("linked");
        }
        assertThat(SANDBOX.keys()).hasSize(3);
    }

    private static List<Path> spooled(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("spool"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean succeeds(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
