package dev.mediaferry.fetch;

import dev.mediaferry.content.OwnerOnly;
import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where large media wait on disk: one directory per process, those of dead processes being removed. */
public final class SpoolDirectory {

    private SpoolDirectory() {}

    /** The directory of all processes. */
    public static Path of(Path home) {
        return home.resolve("spool");
    }

    /**
     * @return an empty directory for this process
     * @throws ConfigurationException when the home has no room, or may not be written to
     */
    public static Path create(Path home) {
        try {
            Path spool = OwnerOnly.directory(of(home));
            try (Stream<Path> directories = Files.list(spool)) {
                for (Path directory : directories.toList()) {
                    if (!isAlive(directory.getFileName().toString())) {
                        delete(directory);
                    }
                }
            }
            return Files.createDirectories(spool.resolve(name(ProcessHandle.current())));
        } catch (IOException e) {
            String reason =
                    e instanceof FileSystemException fs && fs.getReason() != null ? fs.getReason() : e.toString();
            throw new ConfigurationException("mediaferry.home: cannot keep files in " + home + " (" + reason
                    + "); name a directory that has room and may be written to");
        }
    }

    /** Process ids are used again, in containers always: the time of the start tells processes apart. */
    private static String name(ProcessHandle process) {
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return process.pid() + "-" + started;
    }

    private static boolean isAlive(String directory) {
        int dash = directory.indexOf('-');
        return dash > 0
                && directory.substring(0, dash).matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(directory.substring(0, dash)))
                        .filter(process -> name(process).equals(directory))
                        .isPresent();
    }

    /** Removes a directory with all that is in it. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
