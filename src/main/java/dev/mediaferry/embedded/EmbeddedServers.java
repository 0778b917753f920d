package dev.mediaferry.embedded;

import dev.mediaferry.content.OwnerOnly;
import dev.mediaferry.failure.ServiceUnreachableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded PostgreSQL and S3 server of one home directory. Ports and keys are chosen once and kept there, so that
 * links stay valid. One process runs them; others on the same home use the running ones.
 */
public final class EmbeddedServers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServers.class);
    private static final String BUCKET = "media";
    private static final int START_ATTEMPTS = 3;

    /** As long as an owner may take from its lock to its servers, and how often to look. */
    private static final Duration OWNER_START = Duration.ofSeconds(20);

    private static final Duration OWNER_POLL = Duration.ofMillis(100);

    private final HomeLock lock;
    private HomeFacts facts;
    private EmbeddedPostgres postgres;
    private S3Proxy s3;

    private EmbeddedServers(HomeFacts facts, HomeLock lock) {
        this.facts = facts;
        this.lock = lock;
    }

    /**
     * @param home directory; created when missing
     * @param binaries directory that PostgreSQL's programs are unpacked into
     * @throws ServiceUnreachableException when a server does not start
     */
    public static EmbeddedServers start(Path home, Path binaries, boolean database, boolean storage) {
        try {
            OwnerOnly.directory(home);
            Optional<HomeLock> lock = HomeLock.take(home);
            if (lock.isEmpty()) {
                EmbeddedServers borrowed = new EmbeddedServers(HomeFacts.read(home), null);
                if (database) {
                    borrowed.awaitOwner(home, "PostgreSQL", HomeFacts::postgresPort);
                }
                if (storage) {
                    borrowed.awaitOwner(home, "S3 server", HomeFacts::s3Port);
                }
                return borrowed;
            }
            EmbeddedServers servers = new EmbeddedServers(HomeFacts.choose(home), lock.get());
            try {
                servers.startBoth(home, binaries, database, storage);
                return servers;
            } catch (IOException | RuntimeException e) {
                servers.close();
                throw e;
            }
        } catch (IOException | IllegalStateException e) {
            throw new ServiceUnreachableException(
                    "cannot start the embedded servers in " + home + " (is there room on its disk?): " + e.getMessage(),
                    e);
        }
    }

    /** Where the embedded S3 server keeps what it stores. */
    public static Path objects(Path home) {
        return home.resolve("s3");
    }

    /**
     * Deletes the home directory with all that is in it, after ending a PostgreSQL that a killed process left behind.
     *
     * @return false when a process runs the servers there, which is left alone
     */
    public static boolean clear(Path home) {
        if (!Files.exists(home)) {
            return true;
        }
        try {
            Optional<HomeLock> lock = HomeLock.take(home);
            if (lock.isEmpty()) {
                return false;
            }
            lock.get().close();
            endLeftPostgres(home.resolve("postgres"));
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + home, e);
        }
    }

    /** Its process id stands in the first line of a file in the data directory. */
    private static void endLeftPostgres(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (Files.exists(file)) {
            long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            Optional<ProcessHandle> left = ProcessHandle.of(pid)
                    .filter(process -> process.info().command().orElse("").endsWith("/postgres"));
            if (left.isPresent() && left.get().destroy()) {
                left.get().onExit().orTimeout(10, TimeUnit.SECONDS).join();
            }
        }
    }

    /** @return the process that runs the servers, when that is another one */
    public Optional<Long> owner(Path home) {
        return lock == null ? HomeLock.owner(home) : Optional.empty();
    }

    /** @return settings that lead to the embedded PostgreSQL */
    public Map<String, String> databaseSettings() {
        return Map.of(
                "mediaferry.database.url",
                "jdbc:postgresql://127.0.0.1:" + facts.postgresPort() + "/postgres",
                "mediaferry.database.user",
                "postgres",
                "mediaferry.database.password",
                facts.password(),
                // What is meant for another database opens none here.
                "mediaferry.database.password-file",
                "");
    }

    /** @return settings that lead to the embedded S3 server */
    public Map<String, String> storageSettings() {
        return Map.of(
                "mediaferry.storage.endpoint",
                facts.s3Address().toString(),
                "mediaferry.storage.bucket",
                BUCKET,
                "mediaferry.storage.access-key",
                facts.accessKey(),
                "mediaferry.storage.secret-key",
                facts.secretKey(),
                // What is meant for another store opens none here.
                "mediaferry.storage.secret-key-file",
                "",
                "mediaferry.storage.session-token",
                "",
                "mediaferry.storage.session-token-file",
                "",
                // The server lets everybody read only what says so itself.
                "mediaferry.storage.acl",
                "public-read");
    }

    @Override
    public void close() {
        if (lock == null) {
            return;
        }
        try {
            if (s3 != null) {
                s3.stop();
            }
        } catch (Exception e) {
            LOG.warn("the embedded S3 server did not stop: {}", e.getMessage());
        }
        try {
            if (postgres != null) {
                postgres.close();
            }
        } catch (IOException e) {
            LOG.warn("the embedded PostgreSQL did not stop: {}", e.getMessage());
        }
        lock.close();
    }

    /** The process that runs the servers may have begun to start them just now. */
    private void awaitOwner(Path home, String server, ToIntFunction<HomeFacts> port) throws IOException {
        long end = System.nanoTime() + OWNER_START.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                facts = HomeFacts.read(home);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.applyAsInt(facts)), 1000);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new IOException("process " + HomeLock.owner(home).orElse(0L)
                            + " has this home, but its embedded " + server + " does not answer");
                }
                LockSupport.parkNanos(OWNER_POLL.toNanos());
            }
        }
    }

    /** Side by side: PostgreSQL's start is mostly waiting for its processes. */
    private void startBoth(Path home, Path binaries, boolean database, boolean storage) throws IOException {
        CompletableFuture<Void> postgresStart = database
                ? CompletableFuture.runAsync(() -> startPostgres(home.resolve("postgres"), binaries))
                : CompletableFuture.completedFuture(null);
        try {
            if (storage) {
                startS3(objects(home));
            }
        } finally {
            await(postgresStart);
        }
    }

    private static void await(CompletableFuture<Void> start) throws IOException {
        try {
            start.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException failure) {
                throw failure.getCause();
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void startPostgres(Path data, Path binaries) {
        try {
            UnpackedPrograms.removeUnfinished(binaries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (PostgresAccess access = PostgresAccess.prepare(data, binaries, facts.password())) {
            postgres = startPostgres(data, binaries, access);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedPostgres startPostgres(Path data, Path binaries, PostgresAccess access) throws IOException {
        IOException last = null;
        // A start right after a hard kill may find the old server still going down.
        for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
            try {
                return EmbeddedPostgres.builder()
                        .setPort(facts.postgresPort())
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setOverrideWorkingDirectory(binaries.toFile())
                        .setRegisterShutdownHook(false)
                        // What is set here are options of initdb, whatever they are about.
                        .setLocaleConfig("auth", "scram-sha-256")
                        .setLocaleConfig("pwfile", access.file().toString())
                        .setDataDirectoryCustomizer(directory -> protect(access, data))
                        .setConnectConfig("password", facts.password())
                        // It turns these off, being made for tests; here they hold somebody's ledger.
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", "100")
                        .start();
            } catch (IOException e) {
                last = e;
                LOG.debug("the embedded PostgreSQL did not start, attempt {}", attempt, e);
            }
        }
        throw last;
    }

    /** Also a home of a version that asked for no password, whose server may have been left running. */
    private static void protect(PostgresAccess access, Path data) {
        try {
            if (!access.isSet()) {
                endLeftPostgres(data);
                access.set();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startS3(Path data) throws IOException {
        OwnerOnly.directory(data);
        Files.createDirectories(data.resolve(BUCKET));
        Properties store = new Properties();
        // With a relative directory it stores, but lists nothing.
        store.setProperty("jclouds.filesystem.basedir", data.toAbsolutePath().toString());
        s3 = S3Proxy.builder()
                .blobStore(BlobStores.create("filesystem-nio2", store))
                .endpoint(facts.s3Address())
                .awsAuthentication(AuthenticationType.AWS_V4, facts.accessKey(), facts.secretKey())
                .corsRules(new CrossOriginResourceSharing())
                .ignoreUnknownHeaders(true)
                .build();
        try {
            s3.start();
        } catch (Exception e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
