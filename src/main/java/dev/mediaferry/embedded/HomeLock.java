package dev.mediaferry.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Says which process runs the embedded servers of a home directory. Freed by the system when that process ends. */
final class HomeLock implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;

    private HomeLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** @return empty when another process has it */
    static Optional<HomeLock> take(Path home) throws IOException {
        FileChannel channel =
                FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                Files.writeString(
                        home.resolve("pid"),
                        Long.toString(ProcessHandle.current().pid()));
                return Optional.of(new HomeLock(channel, lock));
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it.
        }
        channel.close();
        return Optional.empty();
    }

    /** @return the process that has it, as far as it has said so */
    static Optional<Long> owner(Path home) {
        try {
            return Optional.of(
                    Long.valueOf(Files.readString(home.resolve("pid")).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            if (!channel.isOpen()) {
                return;
            }
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
