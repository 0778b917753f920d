package dev.mediaferry.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.fixture.AttackFiles;
import dev.mediaferry.fixture.Films;
import dev.mediaferry.fixture.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Films that want to read what is not theirs, and an ffmpeg that somebody has taken over. */
@Tag("slow")
class HostileFilmTest {

    /** Seconds that no other process sleeps, not even that of another run of these tests. */
    private static final String SLEEP =
            Long.toString(100_000_000 + ProcessHandle.current().pid());

    @TempDir
    Path directory;

    private Films films;

    @BeforeEach
    void find() {
        films = new Films(directory);
    }

    @Test
    void readsNoOtherFileAndConnectsToNobodyWhateverAFilmSays() throws Exception {
        try (RawServer server = new RawServer();
                AttackFiles attacks = new AttackFiles(directory, server)) {
            Ffmpeg ffmpeg = Ffmpeg.find(settings(Optional.empty(), Duration.ofMinutes(1), 100_000_000));
            for (Path attack : attacks.all()) {
                try (Scratch scratch = Scratch.in(directory)) {
                    Files.copy(attack, scratch.source());
                    // Also without the probe, which would refuse most: ffmpeg itself has to.
                    assertThatThrownBy(() -> new FilmProbe(ffmpeg).look(scratch))
                            .as(attack.getFileName().toString())
                            .isInstanceOfSatisfying(
                                    FilmException.class,
                                    e -> assertThat(e.fault().isLasting()).isTrue());
                    assertThatThrownBy(() -> ffmpeg.run(scratch, List.of(), List.of("-f", "null", "-"), time -> {}))
                            .isInstanceOf(FilmException.class);
                }
            }
            assertThat(attacks.filesRead()).isZero();
            assertThat(server.requests(AttackFiles.ON_SERVER)).isEmpty();

            // The same file is dangerous to an ffmpeg without bounds, so the canaries sing.
            attacks.openBy("/usr/bin/ffprobe");
            assertThat(attacks.filesRead()).isEqualTo(1);
            assertThat(server.requests(AttackFiles.ON_SERVER)).isNotEmpty();
        }
    }

    @Test
    void keepsAProgramFromNetworkEnvironmentAndInput() throws IOException {
        try (RawServer server = new RawServer()) {
            Sandbox sandbox = Sandbox.find("/usr/bin:/bin");
            Bounds bounds = new Bounds(Duration.ofSeconds(20), 1_000_000_000, 1_000_000);
            List<String> said = new ArrayList<>();

            run(sandbox, bounds, said, "/usr/bin/env");
            run(sandbox, bounds, said, "/bin/cat");
            if (sandbox.hasNoNetwork()) {
                String ask = "exec 3<>/dev/tcp/127.0.0.1/" + server.port()
                        + " && printf 'GET /canary HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
                assertThat(run(sandbox, bounds, said, "/bin/bash", "-c", ask)).isNotZero();
            }

            assertThat(said).isEmpty();
            assertThat(server.requests("/canary")).isEmpty();
        }
    }

    private int run(Sandbox sandbox, Bounds bounds, List<String> said, String... command) {
        return Child.run(command[0], sandbox.wrap(List.of(command), bounds), directory, bounds, said::add)
                .status();
    }

    @Test
    void endsAFilmAndNothingElseWhenFfmpegMisbehaves() throws IOException {
        assertFault("kill -SEGV $$", FilmFault.FAILED, "crashed (signal 11)");
        assertFault("exit 0", FilmFault.FAILED, "has not come to the end");
        assertFault("echo 'Cannot allocate memory' >&2; exit 1", FilmFault.FAILED, "mediaferry.video.memory");
        assertFault("exec cat /dev/zero > large", FilmFault.NO_ROOM, "mediaferry.video.scratch");
        assertFault(
                "i=0; while :; do i=$((i+1)); head -c 1000000 /dev/zero > small$i; done",
                FilmFault.NO_ROOM,
                "mediaferry.video.scratch");
        assertFault("exec yes", FilmFault.FAILED, "writes more than it should");
        assertFault(
                "yes >&2 & exec sleep " + SLEEP, FilmFault.TIMEOUT, "mediaferry.video.timeout", Duration.ofSeconds(5));
        assertFault("echo progress=end; echo all is well", FilmFault.FAILED, "is not there");
        assertNothingSleeps();
    }

    @Test
    void endsAChildWithTheProcessThatStartedIt() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        directory.toString(),
                        SLEEP)
                .redirectErrorStream(true)
                .start();
        try {
            Awaitility.await().atMost(2, TimeUnit.MINUTES).until(HostileFilmTest::isAsleep);
        } finally {
            java.destroyForcibly().waitFor();
        }
        assertNothingSleeps();
    }

    /** Runs a child until it is killed. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] arguments) {
            Bounds bounds = new Bounds(Duration.ofMinutes(5), 1_000_000_000, 1_000_000);
            Child.run(
                    "sleep",
                    Sandbox.find("/usr/bin:/bin").wrap(List.of("/bin/sleep", arguments[1]), bounds),
                    Path.of(arguments[0]),
                    bounds,
                    line -> {});
        }
    }

    private void assertFault(String script, FilmFault fault, String sentence) throws IOException {
        assertFault(script, fault, sentence, Duration.ofMinutes(2));
    }

    /** @param script what ffmpeg does instead of its work */
    private void assertFault(String script, FilmFault fault, String sentence, Duration timeout) throws IOException {
        Path programs = Files.createTempDirectory(directory, "programs");
        Files.writeString(
                programs.resolve("ffmpeg"),
                """
                #!/bin/sh
                case "$1" in
                -version) echo 'ffmpeg version 99 by nobody'; exit;;
                -encoders) echo ' V..... libx264 '; exit;;
                esac
                """
                        + script + "\n");
        Files.setPosixFilePermissions(programs.resolve("ffmpeg"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(programs.resolve("ffprobe"), "#!/bin/sh\nexec /usr/bin/ffprobe \"$@\"\n");
        Files.setPosixFilePermissions(programs.resolve("ffprobe"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Ffmpeg ffmpeg = Ffmpeg.find(settings(Optional.of(programs.resolve("ffmpeg")), timeout, 30_000_000));
        Scratch scratch = Scratch.in(directory);
        try (scratch) {
            Files.copy(films.silent(), scratch.source());
            Film film = new Film(
                    Duration.ofSeconds(2), 0, "h264", 320, 240, 0, new FrameRate(25, 1), false, Optional.empty(), 0);

            assertThatThrownBy(() -> new Encoder(ffmpeg)
                            .rendition(
                                    scratch, film, Rung.of(film, List.of(180)).get(0), share -> {}))
                    .as(script)
                    .isInstanceOfSatisfying(FilmException.class, e -> {
                        assertThat(e).hasMessageContaining(sentence);
                        assertThat(e.fault()).isEqualTo(fault);
                        assertThat(e.fault().isLasting()).isFalse();
                    });
        }
        assertThat(scratch.directory()).doesNotExist();
    }

    private static VideoSettings settings(Optional<Path> ffmpeg, Duration timeout, long scratch) {
        return new VideoSettings(ffmpeg, "/usr/bin:/bin", timeout, 4_000_000_000L, scratch);
    }

    private static void assertNothingSleeps() {
        Awaitility.await().atMost(1, TimeUnit.MINUTES).until(() -> commands()
                .noneMatch(line -> line.endsWith(" " + SLEEP)));
    }

    private static boolean isAsleep() {
        return commands().anyMatch(line -> line.matches("\\S*/sleep " + SLEEP));
    }

    /** Not of what has ended and waits for somebody to ask how: that has no command any more. */
    private static Stream<String> commands() {
        return ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream());
    }
}
