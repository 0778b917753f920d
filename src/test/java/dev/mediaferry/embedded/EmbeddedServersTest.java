package dev.mediaferry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mediaferry.fixture.Program;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Who else on this machine gets at the embedded servers. */
@Tag("slow")
class EmbeddedServersTest {

    private static final Path BINARIES = Path.of("target", "postgres-bin");

    @TempDir
    Path directory;

    private Path home;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable server : opened) {
            server.close();
        }
        EmbeddedServers.clear(home());
    }

    @Test
    void letsNobodyInWithoutThePassword() throws Exception {
        Map<String, String> settings = start();
        assertRefused(settings.get("mediaferry.database.url"), null);
        assertRefused(settings.get("mediaferry.database.url"), "postgres");
        assertThat(settings.get("mediaferry.database.password")).hasSizeGreaterThanOrEqualTo(40);
        assertThat(client(settings)
                        .sql("select rolpassword from pg_authid where rolname = 'postgres'")
                        .query(String.class)
                        .single())
                .startsWith("SCRAM-SHA-256$");
        assertThat(client(settings)
                        .sql("select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void keepsItsFilesToItsUser() throws Exception {
        Files.createDirectories(
                home(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        start();
        assertThat(permissions(home())).isEqualTo("rwx------");
        assertThat(permissions(home().resolve("s3"))).isEqualTo("rwx------");
        assertThat(permissions(home().resolve("embedded.properties"))).isEqualTo("rw-------");
        assertThat(permissions(home().resolve("pg_service.conf"))).isEqualTo("rw-------");
    }

    @Test
    void letsNoOtherUserOfTheMachineConnectOrRead() throws Exception {
        assumeTrue(ProcessHandle.current().info().user().orElse("").equals("root"), "only root acts as another user");
        assumeTrue(run("runuser", "-u", "nobody", "--", "psql", "--version") == 0, "there is no psql");
        Map<String, String> settings = start();
        String address = settings.get("mediaferry.database.url").replace("jdbc:", "");
        String service = home().resolve("pg_service.conf").toAbsolutePath().toString();

        assertThat(run("runuser", "-u", "nobody", "--", "psql", "-w", "-U", "postgres", address, "-c", "select 1"))
                .isNotZero();
        assertThat(run("runuser", "-u", "nobody", "--", "cat", service)).isNotZero();
        assertThat(run("env", "PGSERVICEFILE=" + service, "psql", "-w", "service=mediaferry", "-c", "select 1"))
                .as("its own user")
                .isZero();
    }

    @Test
    void closesHomesThatFormerVersionsLeftOpenAndKeepsWhatIsInThem() throws Exception {
        formerHome();
        opened.remove(0).close();
        assertUpgraded();
    }

    @Test
    void closesAHomeWhoseServerWasLeftRunningByAKilledProcess() throws Exception {
        int port = formerHome().getPort();
        opened.remove(0).close();
        Path program = postgres();
        List<String> command = new ArrayList<>(LinuxUtils.isUnshareAvailable() ? List.of("unshare", "-U") : List.of());
        command.addAll(List.of(
                program.resolveSibling("pg_ctl").toString(),
                "-D",
                home().resolve("postgres").toAbsolutePath().toString(),
                "-o",
                "-p " + port,
                "-l",
                directory.resolve("log").toString(),
                "-w",
                "start"));
        assertThat(run(command.toArray(String[]::new))).isZero();
        assertUpgraded();
    }

    @Test
    void startsAgainWithTheSamePassword() throws Exception {
        Map<String, String> first = start();
        opened.remove(0).close();
        assertThat(start()).isEqualTo(first);
    }

    @Test
    void setsTheNewPasswordWhenItsFileWasLost() throws Exception {
        client(start()).sql("create table kept (id int)").update();
        opened.remove(0).close();
        Files.delete(home().resolve("embedded.properties"));
        assertThat(client(start())
                        .sql("select count(*) from kept")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** As versions before made it: no password, every file for everybody. */
    private EmbeddedPostgres formerHome() throws Exception {
        int port;
        int s3Port;
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            port = one.getLocalPort();
            s3Port = other.getLocalPort();
        }
        Files.createDirectories(home().resolve("s3").resolve("media"));
        Files.writeString(home().resolve("s3").resolve("media").resolve("kept.txt"), "kept");
        Files.writeString(
                home().resolve("embedded.properties"),
                "postgres.port=%d%ns3.port=%d%ns3.access-key=key%ns3.secret-key=secret%n".formatted(port, s3Port));
        EmbeddedPostgres former = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(home().resolve("postgres"))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(BINARIES.toFile())
                .setRegisterShutdownHook(false)
                .start();
        JdbcClient sql = JdbcClient.create(former.getPostgresDatabase());
        sql.sql("create table kept as select 7 as id").update();
        opened.add(0, former);
        return former;
    }

    private void assertUpgraded() throws Exception {
        Map<String, String> settings = start();
        assertThat(client(settings)
                        .sql("select id from kept")
                        .query(Integer.class)
                        .single())
                .isEqualTo(7);
        assertRefused(settings.get("mediaferry.database.url"), null);
        assertThat(settings.get("mediaferry.storage.access-key")).isEqualTo("key");
        assertThat(permissions(home())).isEqualTo("rwx------");
        assertThat(permissions(home().resolve("embedded.properties"))).isEqualTo("rw-------");
        assertThat(home().resolve("s3").resolve("media").resolve("kept.txt")).exists();
    }

    @Test
    void startsAgainAfterAStartThatWasKilledWhileItUnpacked() throws Exception {
        Path whole = postgres().getParent().getParent();
        Path half = Files.createDirectories(home().resolve("postgres-bin").resolve(whole.getFileName()));
        Files.writeString(half.resolve("epg-lock"), "");
        try (Stream<Path> files = Files.walk(whole.resolve("lib"))) {
            for (Path file : files.filter(found -> !found.toString().contains("postgresql"))
                    .toList()) {
                Files.copy(file, half.resolve(whole.relativize(file)), LinkOption.NOFOLLOW_LINKS);
            }
        }
        // The library unpacks only once in a process.
        try (Program program = Program.start(List.of("--set", "mediaferry.home=" + home()), "quarantine")) {
            assertThat(program.await()).as(program.err()).isZero();
        }
        assertThat(half.resolve("bin").resolve("postgres")).isExecutable();
    }

    @Test
    void leavesWhatAnotherProcessUnpacksJustNow() throws Exception {
        Path version = Files.createDirectories(directory.resolve("postgres-bin").resolve("PG-1"));
        Path lock = version.resolve("epg-lock");
        Path program = Files.writeString(version.resolve("program"), "half of it");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock unused = channel.lock()) {
            UnpackedPrograms.removeUnfinished(version.getParent());
            assertThat(program).exists();
        }
        UnpackedPrograms.removeUnfinished(version.getParent());
        assertThat(program).doesNotExist();
    }

    private static Path postgres() throws Exception {
        try (Stream<Path> files = Files.walk(BINARIES, 3)) {
            return files.filter(file -> file.endsWith(Path.of("bin", "postgres")))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    private Map<String, String> start() {
        EmbeddedServers servers = EmbeddedServers.start(home(), BINARIES, true, true);
        opened.add(0, servers);
        Map<String, String> settings = new TreeMap<>(servers.databaseSettings());
        settings.putAll(servers.storageSettings());
        return settings;
    }

    private Path home() {
        if (home == null) {
            home = directory.resolve("home");
        }
        return home;
    }

    private static JdbcClient client(Map<String, String> settings) {
        return JdbcClient.create(new DriverManagerDataSource(
                settings.get("mediaferry.database.url"),
                settings.get("mediaferry.database.user"),
                settings.get("mediaferry.database.password")));
    }

    private static void assertRefused(String url, String password) {
        assertThatThrownBy(() -> {
                    try (Connection connection = DriverManager.getConnection(url, "postgres", password)) {
                        connection.isValid(1);
                    }
                })
                .isInstanceOf(SQLException.class)
                .extracting(refusal -> ((SQLException) refusal).getSQLState())
                .isIn("28P01", "08004", "28000");
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
