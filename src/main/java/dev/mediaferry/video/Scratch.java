package dev.mediaferry.video;

import dev.mediaferry.fetch.SpoolDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A directory of one job's own, which goes with it. */
public final class Scratch implements AutoCloseable {

    /** What the source is called in it, whatever its name elsewhere: a child never sees a name from data. */
    public static final String SOURCE = "source";

    private static final int BUFFER = 64 << 10;

    private final Path directory;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** @param parent of this process; that of a dead one is removed by the next */
    public static Scratch in(Path parent) {
        try {
            return new Scratch(Files.createTempDirectory(parent, "film"));
        } catch (IOException e) {
            throw new FilmException(FilmFault.NO_ROOM, "no directory can be made for a film", e);
        }
    }

    public Path directory() {
        return directory;
    }

    /** @return where the film has to be put */
    public Path source() {
        return directory.resolve(SOURCE);
    }

    /**
     * Writes the source.
     *
     * @throws IOException when it cannot be read
     * @throws FilmException when there is no room for it
     */
    public Path write(InputStream in) throws IOException {
        try (OutputStream out = opened()) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                try {
                    out.write(buffer, 0, n);
                } catch (IOException e) {
                    throw noRoom(e);
                }
            }
        }
        return source();
    }

    private OutputStream opened() {
        try {
            return Files.newOutputStream(source());
        } catch (IOException e) {
            throw noRoom(e);
        }
    }

    private FilmException noRoom(IOException e) {
        return new FilmException(
                FilmFault.NO_ROOM,
                "cannot write to the spool directory " + directory.getParent() + ": " + e.getMessage(),
                e);
    }

    /** Bytes in all files, also while somebody writes them. */
    long size() {
        return size(directory);
    }

    static long size(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(Scratch::length).sum();
        } catch (IOException | UncheckedIOException e) {
            // A file that was just renamed; the next look counts it.
            return 0;
        }
    }

    private static long length(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            SpoolDirectory.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("a film's directory is not removed", e);
        }
    }
}
