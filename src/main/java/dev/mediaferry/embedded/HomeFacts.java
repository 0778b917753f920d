package dev.mediaferry.embedded;

import dev.mediaferry.content.OwnerOnly;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** Ports, keys and the password of the embedded servers of a home directory: chosen once, and kept there in a file. */
final class HomeFacts {

    private static final String FILE = "embedded.properties";
    private static final String POSTGRES_PORT = "postgres.port";
    private static final String S3_PORT = "s3.port";
    private static final String PASSWORD = "postgres.password";
    private static final String ACCESS_KEY = "s3.access-key";
    private static final String SECRET_KEY = "s3.secret-key";

    private final Properties facts;

    private HomeFacts(Properties facts) {
        this.facts = facts;
    }

    /** What is there, which may be nothing yet. */
    static HomeFacts read(Path home) throws IOException {
        Properties facts = new Properties();
        Path file = home.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                facts.load(reader);
            }
        }
        return new HomeFacts(facts);
    }

    /** What is there, or else is chosen now. Homes of former versions have no password yet. */
    static HomeFacts choose(Path home) throws IOException {
        Properties facts = read(home).facts;
        if (facts.isEmpty()) {
            facts.setProperty(POSTGRES_PORT, Integer.toString(freePort()));
            facts.setProperty(S3_PORT, Integer.toString(freePort()));
            facts.setProperty(ACCESS_KEY, random(10));
            facts.setProperty(SECRET_KEY, random(20));
        }
        if (!facts.containsKey(PASSWORD)) {
            facts.setProperty(PASSWORD, random(20));
        }
        StringWriter text = new StringWriter();
        facts.store(text, "Ports and keys of the embedded servers. Links depend on them.");
        OwnerOnly.write(home.resolve(FILE), text.toString());
        HomeFacts chosen = new HomeFacts(facts);
        OwnerOnly.write(home.resolve("pg_service.conf"), chosen.service());
        return chosen;
    }

    /** What psql and other programs of PostgreSQL need to connect, so that no password stands in a command. */
    private String service() {
        return """
                # PGSERVICEFILE=<this file> psql service=mediaferry
                [mediaferry]
                host=127.0.0.1
                port=%d
                dbname=postgres
                user=postgres
                password=%s
                """
                .formatted(postgresPort(), password());
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** 0 when nothing was chosen yet. */
    int postgresPort() {
        return port(POSTGRES_PORT);
    }

    /** 0 when nothing was chosen yet. */
    int s3Port() {
        return port(S3_PORT);
    }

    URI s3Address() {
        return URI.create("http://127.0.0.1:" + s3Port());
    }

    /** Empty as long as a former version runs the servers. */
    String password() {
        return facts.getProperty(PASSWORD, "");
    }

    String accessKey() {
        return facts.getProperty(ACCESS_KEY);
    }

    String secretKey() {
        return facts.getProperty(SECRET_KEY);
    }

    private int port(String name) {
        return Integer.parseInt(facts.getProperty(name, "0"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
