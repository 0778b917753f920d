package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.fixture.Program;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded PostgreSQL has no tables before its first start. */
@Tag("slow")
class EmbeddedTablesTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @Test
    void theServiceWaitsForTablesAndSaysHowToCreateThem() throws Exception {
        try (Program service = Program.start(options(), List.of("-Duser.home=" + directory), "run")) {
            await().atMost(LIMIT).until(() -> service.err().contains("Waiting for them"));
            assertThat(service.err())
                    .contains("the database has no table Photo")
                    .contains("PGSERVICEFILE=" + directory + "/home/pg_service.conf psql service=mediaferry");
            try (Connection connection = connect()) {
                connection.createStatement().execute("create table \"Photo\" (id text primary key, url text)");
            }
            await().atMost(LIMIT).until(() -> service.err().contains("/console/"));
            // The files of the Camel CLI are written where they are asked for.
            assertThat(directory.resolve(".camel")).doesNotExist();
            service.terminate();
            assertThat(service.await()).isIn(0, 143);
        }
        try (Program migrate = Program.start(options(), "migrate")) {
            assertThat(migrate.await()).as(migrate.err()).isZero();
        }
    }

    @Test
    void otherCommandsSayHowAndEnd() throws Exception {
        try (Program migrate = Program.start(options(), "migrate")) {
            assertThat(migrate.await()).isEqualTo(2);
            assertThat(migrate.err())
                    .contains("mediaferry run , which waits for them")
                    .contains("pg_service.conf psql service=mediaferry");
        }
    }

    private Connection connect() throws Exception {
        Properties service = new Properties();
        try (var text = Files.newBufferedReader(directory.resolve("home/pg_service.conf"))) {
            service.load(text);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://" + service.getProperty("host") + ":" + service.getProperty("port") + "/"
                        + service.getProperty("dbname"),
                service.getProperty("user"),
                service.getProperty("password"));
    }

    private List<String> options() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path registry = Files.writeString(
                directory.resolve("registry.yaml"),
                "hosts: [\"127.0.0.1\"]\nfields:\n  - { table: Photo, column: url, folder: photos }\n");
        Path properties = Files.writeString(
                directory.resolve("application.properties"),
                "mediaferry.home=" + directory.resolve("home") + "\nmediaferry.schedule=off\nmediaferry.server.port="
                        + port + "\n");
        return List.of("--registry", registry.toString(), "--properties", properties.toString());
    }
}
