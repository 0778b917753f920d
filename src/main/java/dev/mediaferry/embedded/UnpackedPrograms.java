package dev.mediaferry.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the library unpacks PostgreSQL's programs: a directory for each version, which it locks meanwhile and marks when it is done. */
final class UnpackedPrograms {

    private static final String LOCK = "epg-lock";
    private static final String DONE = ".exists";

    private UnpackedPrograms() {}

    /**
     * Removes what a process that was killed has unpacked: the library would stumble over it. What a living one unpacks just now
     * stays.
     *
     * @param binaries directory of all versions; may be missing
     */
    static void removeUnfinished(Path binaries) throws IOException {
        if (!Files.isDirectory(binaries)) {
            return;
        }
        try (Stream<Path> versions = Files.list(binaries)) {
            for (Path version : versions.filter(UnpackedPrograms::isUnfinished).toList()) {
                clear(version);
            }
        }
    }

    private static boolean isUnfinished(Path version) {
        return Files.isDirectory(version)
                && version.getFileName().toString().startsWith("PG-")
                && !Files.exists(version.resolve(DONE));
    }

    private static void clear(Path version) throws IOException {
        Path lockFile = version.resolve(LOCK);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            // It may have been finished before this got the lock.
            if (lock == null || !isUnfinished(version)) {
                return;
            }
            List<Path> unpacked;
            try (Stream<Path> files = Files.walk(version)) {
                unpacked = files.filter(file -> !file.equals(version) && !file.equals(lockFile))
                        .sorted(Comparator.reverseOrder())
                        .toList();
            }
            for (Path file : unpacked) {
                Files.delete(file);
            }
        } catch (OverlappingFileLockException e) {
            // This process unpacks it just now.
            return;
        }
    }
}
