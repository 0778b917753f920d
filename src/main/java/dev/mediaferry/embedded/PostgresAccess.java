package dev.mediaferry.embedded;

import dev.mediaferry.content.OwnerOnly;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Who gets into the embedded PostgreSQL: anyone who knows the password, by scram-sha-256. Both are set while no server runs,
 * so there is no moment at which it trusts everybody.
 */
final class PostgresAccess implements AutoCloseable {

    private static final String RULES = "pg_hba.conf";

    /** Recovery from a crash may come first. */
    private static final int SECONDS = 60;

    private final Path data;
    private final Path binaries;
    private final String password;
    private final String rules;
    private final boolean fresh;

    private PostgresAccess(Path data, Path binaries, String password) {
        this.data = data;
        this.binaries = binaries;
        this.password = password;
        this.fresh = !Files.exists(data.resolve("PG_VERSION"));
        // The mark says which password was set, and that the rules are the ones below.
        this.rules =
                """
                # Mediaferry, password %s. What is changed below this line stays.
                local all all scram-sha-256
                host  all all all scram-sha-256
                """
                        .formatted(fingerprint(password));
    }

    /**
     * Has to be closed when PostgreSQL has started.
     *
     * @param data its directory, in the home
     * @param binaries directory that PostgreSQL's programs are unpacked into
     */
    static PostgresAccess prepare(Path data, Path binaries, String password) throws IOException {
        PostgresAccess access = new PostgresAccess(data, binaries, password);
        OwnerOnly.write(access.file(), password + "\n");
        return access;
    }

    /** Holds the password, for initdb. */
    Path file() {
        return data.resolveSibling("postgres-password").toAbsolutePath();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file());
    }

    boolean isSet() {
        try {
            String mark = rules.substring(0, rules.indexOf('\n'));
            return Files.readString(data.resolve(RULES)).startsWith(mark);
        } catch (IOException e) {
            return false;
        }
    }

    /** While it does not run: sets the password, unless it was made with it just now, and says that it is asked for. */
    void set() throws IOException {
        if (!fresh) {
            setPassword();
        }
        OwnerOnly.write(data.resolve(RULES), rules);
    }

    /** By its mode for one user, which opens no port. */
    private void setPassword() throws IOException {
        List<String> command = new ArrayList<>();
        // It refuses to run as root.
        if (LinuxUtils.isUnshareAvailable()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(
                program().toString(), "--single", "-D", data.toAbsolutePath().toString(), "postgres"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process postgres = builder.start();
        try {
            try (OutputStream in = postgres.getOutputStream()) {
                in.write(
                        ("set password_encryption = 'scram-sha-256'\nalter role postgres password '" + password + "'\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            if (!postgres.waitFor(SECONDS, TimeUnit.SECONDS) || postgres.exitValue() != 0) {
                throw new IOException("its PostgreSQL does not take a password");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the password of PostgreSQL was set", e);
        } finally {
            postgres.destroyForcibly();
        }
    }

    /** Several versions may have been unpacked side by side; one of the same major version reads the data. */
    private Path program() throws IOException {
        String major = Files.readString(data.resolve("PG_VERSION")).strip();
        try (Stream<Path> directories = Files.list(binaries)) {
            for (Path directory : directories.toList()) {
                for (String name : List.of("postgres", "postgres.exe")) {
                    Path program = directory.resolve("bin").resolve(name);
                    if (Files.isExecutable(program) && version(program).startsWith(major)) {
                        return program.toAbsolutePath();
                    }
                }
            }
        }
        throw new IOException("no PostgreSQL " + major + " in " + binaries);
    }

    /** @return like 18.6 */
    private static String version(Path program) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Arrays.stream(text.split("\\s+"))
                .filter(word -> word.matches("\\d+.*"))
                .findFirst()
                .orElse("");
    }

    private static String fingerprint(String password) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
