package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher itself, with a JDK and a Maven that only write down what they are asked. */
@Tag("slow")
class LauncherTest {

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void makeAProgramThatIsQuicklyBuilt() throws IOException {
        Files.createDirectories(app().resolve("src/main"));
        Files.copy(Path.of("mediaferry"), app().resolve("mediaferry"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String file : List.of("pom.xml", "application.properties", "registry.schema.json", "src/main/A.java")) {
            Files.writeString(app().resolve(file), file);
        }
        program(
                stub().resolve("bin/mvn"),
                """
                echo built >>"$STUB/built"
                mkdir -p target/lib
                while [ -e "$STUB/hold-mvn" ]; do sleep 0.05; done
                echo "$$" >target/mediaferry.jar
                echo lib >target/lib/lib-1.0.jar
                """);
        environment.put("STUB", stub().toString());
        environment.put("PATH", stub().resolve("bin") + ":" + System.getenv("PATH"));
        environment.put("HOME", stub().toString());
        environment.put("JAVA_HOME", jdk("17.0.9").toString());
    }

    @AfterEach
    void endWhatStillRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void buildsOnceWhenItIsStartedTwiceAtOnce() throws Exception {
        hold("mvn");
        Process first = start("verify");
        Awaitility.await().until(() -> builds() == 1);
        Process second = start("verify");
        Awaitility.await().until(() -> err(second).contains("waiting for it"));
        release("mvn");

        assertThat(jar(first)).isEqualTo(jar(second));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void leavesARunningServiceItsJarAndLibraries() throws Exception {
        hold("run");
        Process service = start("run");
        Awaitility.await().until(() -> !out(service).isEmpty());
        Path jar = jarOf(out(service));
        Object inode = Files.getAttribute(jar, "unix:ino");
        String content = Files.readString(jar);

        edit();
        assertThat(jar(start("verify"))).isNotEqualTo(jar);
        assertThat(builds()).isEqualTo(2);
        assertThat(Files.getAttribute(jar, "unix:ino")).isEqualTo(inode);
        assertThat(Files.readString(jar)).isEqualTo(content);
        assertThat(jar.resolveSibling("lib").resolve("lib-1.0.jar")).exists();
    }

    @Test
    void keepsBuildsThatAreUsedAndRemovesThemAfterwards() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/flock")), "without flock none is removed");
        hold("run");
        Process service = start("run");
        Awaitility.await().until(() -> !out(service).isEmpty());
        Path used = jarOf(out(service));
        for (int build = 0; build < 2; build++) {
            edit();
            assertThat(jar(start("verify"))).exists();
        }
        assertThat(used).exists();
        assertThat(publishedBuilds()).isEqualTo(2);

        release("run");
        assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
        edit();
        assertThat(jar(start("verify"))).exists();
        assertThat(used).doesNotExist();
        assertThat(publishedBuilds()).isEqualTo(1);
    }

    @Test
    void startsWhereTheFileSystemKnowsNoLocks() throws Exception {
        program(stub().resolve("bin/flock"), "echo 'flock: no locks available' >&2; exit 71\n");
        Process first = start("verify");
        assertThat(jar(first)).exists();
        assertThat(err(first)).contains("cannot hold");
        edit();
        assertThat(jar(start("verify"))).exists();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void waitsForNoBuilderThatWasKilledBeforeItSaidWhoItWas() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String tool : List.of(
                "sh",
                "find",
                "head",
                "sed",
                "cat",
                "mkdir",
                "rm",
                "sleep",
                "date",
                "cp",
                "mv",
                "ln",
                "touch",
                "dirname",
                "readlink",
                "tr",
                "locale",
                "grep")) {
            Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin", tool));
        }
        environment.put("PATH", stub().resolve("bin") + ":" + bin);
        Files.createDirectories(app().resolve("target/run/building"));
        assertThat(jar(start("verify"))).exists();
    }

    @Test
    void findsItselfWhateverCdpathSays() throws Exception {
        assertThat(jar(start("verify"))).exists();
        environment.put("CDPATH", directory.toString());
        Process process = start(directory, "sh", directory.relativize(app()) + "/mediaferry", "verify");
        assertThat(jar(process)).exists();
    }

    @Test
    void takesWhatMavenHasBuiltByHand() throws Exception {
        Files.createDirectories(app().resolve("target/lib"));
        Files.writeString(app().resolve("target/lib/lib-1.0.jar"), "lib");
        Files.writeString(app().resolve("target/mediaferry.jar"), "by hand");
        assertThat(jar(start("verify"))).hasContent("by hand");
        assertThat(builds()).isZero();
    }

    @Test
    void saysThatTheBuildFailedAndBuildsAgainAtTheNextStart() throws Exception {
        Files.writeString(stub().resolve("bin/mvn"), "#!/bin/sh\necho 'A.java: no such symbol'\nexit 1\n");
        Process failed = start("verify");
        assertThat(failed.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(failed.exitValue()).isEqualTo(2);
        assertThat(err(failed)).contains("no such symbol", "the build failed");
        makeMavenWorkAgain();
        assertThat(jar(start("verify"))).exists();
    }

    @Test
    void namesTheFileThatTheJavaOfJavaHomeLacks() throws Exception {
        Path broken = jdk(null);
        environment.put("JAVA_HOME", broken.toString());
        Process process = start("status");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(err(process)).contains(broken.toString(), "release", "does not tell its version");
    }

    @Test
    void asksJavaForItsVersionWhenTheFileIsMissing() throws Exception {
        Path bare = jdk(null);
        program(
                bare.resolve("bin/java"),
                "case $* in *-version) echo '    java.version = 21.0.2' >&2; exit ;; esac\necho \"$@\"\n");
        environment.put("JAVA_HOME", bare.toString());
        assertThat(jar(start("verify"))).exists();
    }

    @Test
    void passesOverDirectoriesOfJavaThatLackTheFile() throws Exception {
        Path candidates = stub().resolve(".sdkman/candidates/java");
        Files.createDirectories(candidates);
        Files.move(jdk(null), candidates.resolve("broken"));
        Files.move(jdk("99.0.1"), candidates.resolve("whole"));
        environment.remove("JAVA_HOME");
        assertThat(jar(start("verify"))).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.9", "21.0.1", "25.0.1"})
    void givesJavaAtMostEightOptions(String version) throws Exception {
        environment.put("JAVA_HOME", jdk(version).toString());
        start("status").waitFor(20, TimeUnit.SECONDS);
        Process again = start("status");
        again.waitFor(20, TimeUnit.SECONDS);
        List<String> options = Arrays.stream(out(again).split("\\s+"))
                .takeWhile(option -> !option.equals("-jar"))
                .filter(option -> !option.startsWith("-Dmediaferry."))
                .toList();
        assertThat(options).hasSizeBetween(5, 8).anyMatch(option -> option.matches("-XX:(AOTCache|SharedArchive).*"));
    }

    @Test
    void givesTheServiceMoreHeapThanACommandUnlessTheUserSaysHowMuch() throws Exception {
        assertThat(options(start("verify"))).contains("-Xmx192m");
        assertThat(options(start("run"))).contains("-Xmx512m");
        environment.put("MEDIAFERRY_HEAP", "1g");
        assertThat(options(start("run"))).contains("-Xmx1g").doesNotContain("-Xmx512m");
    }

    private void makeMavenWorkAgain() throws IOException {
        program(
                stub().resolve("bin/mvn"),
                "mkdir -p target/lib\necho jar >target/mediaferry.jar\necho lib >target/lib/lib-1.0.jar\n");
    }

    /** @param version null for a directory without the file that says it, whose java says nothing either */
    private Path jdk(String version) throws IOException {
        Path home = Files.createTempDirectory(directory, "jdk");
        program(
                home.resolve("bin/java"),
                """
                case $* in *-version) exit ;; esac
                for option in "$@"; do
                  case $option in -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) : >"${option#*=}"; exit ;; esac
                done
                echo "$@"
                for last in "$@"; do :; done
                while [ -e "$STUB/hold-$last" ]; do sleep 0.05; done
                """);
        program(home.resolve("bin/javac"), "");
        if (version != null) {
            Files.writeString(
                    home.resolve("release"),
                    "JAVA_VERSION=\"" + version + "\"\nJAVA_RUNTIME_VERSION=\"" + version + "+9\"\n");
        }
        return home;
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(String command) throws IOException {
        return start(app(), app().resolve("mediaferry").toString(), command);
    }

    private Process start(Path where, String... line) throws IOException {
        int number = started.size();
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(where.toFile())
                .redirectOutput(directory.resolve(number + ".out").toFile())
                .redirectError(directory.resolve(number + ".err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private void edit() throws IOException {
        Files.writeString(app().resolve("src/main/A.java"), "edited");
    }

    /** @param program mvn, or the command that Java is to hold */
    private void hold(String program) throws IOException {
        Files.createFile(stub().resolve("hold-" + program));
    }

    private void release(String program) throws IOException {
        Files.delete(stub().resolve("hold-" + program));
    }

    private long builds() throws IOException {
        Path built = stub().resolve("built");
        return Files.exists(built) ? Files.readAllLines(built).size() : 0;
    }

    private long publishedBuilds() throws IOException {
        try (Stream<Path> files = Files.list(app().resolve("target/run"))) {
            return files.filter(Files::isDirectory).count();
        }
    }

    private Path jar(Process process) throws Exception {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(err(process)).isZero();
        return jarOf(out(process));
    }

    private static Path jarOf(String line) {
        return Path.of(line.replaceFirst("(?s).* -jar (\\S+) .*", "$1").strip());
    }

    private List<String> options(Process process) throws Exception {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return List.of(out(process).strip().split(" "));
    }

    private String out(Process process) throws IOException {
        return Files.readString(directory.resolve(started.indexOf(process) + ".out"));
    }

    private String err(Process process) throws IOException {
        return Files.readString(directory.resolve(started.indexOf(process) + ".err"));
    }

    private Path app() {
        return directory.resolve("app");
    }

    private Path stub() {
        return directory.resolve("stub");
    }
}
