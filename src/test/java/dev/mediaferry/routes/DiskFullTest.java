package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
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
                            disk.resolve("home").toString()),
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
