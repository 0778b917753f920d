package dev.mediaferry.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** Ports and keys of the embedded servers of a home directory: chosen once, and kept there in a file. */
final class HomeFacts {

    private static final String FILE = "embedded.properties";
    private static final String POSTGRES_PORT = "postgres.port";
    private static final String S3_PORT = "s3.port";
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

    /** What is there, or else is chosen now. */
    static HomeFacts choose(Path home) throws IOException {
        HomeFacts known = read(home);
        if (!known.facts.isEmpty()) {
            return known;
        }
        byte[] random = new byte[30];
        new SecureRandom().nextBytes(random);
        Properties facts = new Properties();
        facts.setProperty(POSTGRES_PORT, Integer.toString(freePort()));
        facts.setProperty(S3_PORT, Integer.toString(freePort()));
        facts.setProperty(ACCESS_KEY, HexFormat.of().formatHex(random, 0, 10));
        facts.setProperty(SECRET_KEY, HexFormat.of().formatHex(random, 10, 30));
        Path part = home.resolve(FILE + ".part");
        try (Writer writer = Files.newBufferedWriter(part)) {
            facts.store(writer, "Ports and keys of the embedded servers. Links depend on them.");
        }
        Files.move(part, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        return new HomeFacts(facts);
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
