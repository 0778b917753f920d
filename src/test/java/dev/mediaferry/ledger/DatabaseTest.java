package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final LedgerSchema LEDGER = new LedgerSchema(LedgerSchema.USUAL);

    @Test
    void knowsItsLatestMigration() throws Exception {
        assertThat(versions()).doesNotHaveDuplicates().last().isEqualTo(Database.LATEST_MIGRATION);
    }

    @Test
    void neverShowsThePasswordWhenTheDatabaseIsAway() throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + closedPort() + "/app";
        assertThatExceptionOfType(ServiceUnreachableException.class)
                .isThrownBy(() -> Database.open(new DatabaseSettings(url, "ferry", "s3cr3t"), LEDGER, 1))
                .withMessageStartingWith("cannot open the database at " + url + ": ")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void neverShowsAPasswordThatStandsInTheAddress() throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + closedPort() + "/app?user=ferry&password=s3cr3t";
        assertThatExceptionOfType(ServiceUnreachableException.class)
                .isThrownBy(() -> Database.open(new DatabaseSettings(url, null, null), LEDGER, 1))
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void readsItsStatementsAsJdbcTakesThem() {
        assertThat(Database.statement("sweep-removed")).contains(":kept").doesNotContain(":#");
    }

    @Test
    void refusesADatabaseThatDoesNotKnowItsCharacters() {
        String name = SANDBOX.bucketName() + "_ascii";
        SANDBOX.execute("create database " + name + " encoding 'SQL_ASCII' locale 'C' template template0");
        try {
            String url = SANDBOX.settings().text("database.url").replace(SANDBOX.bucketName(), name);
            DatabaseSettings settings =
                    DatabaseSettings.of(SANDBOX.settings("database.url", url)).orElseThrow();
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> Database.open(settings, LEDGER, 1))
                    .withMessageStartingWith("mediaferry.database.url: the database at " + url
                            + " has the encoding SQL_ASCII, so nothing says which characters its bytes are");
        } finally {
            SANDBOX.execute("drop database " + name);
        }
    }

    private static List<Integer> versions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.replaceFirst("^V(\\d+)__[a-z_]+\\.sql$", "$1")))
                    .sorted()
                    .toList();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
