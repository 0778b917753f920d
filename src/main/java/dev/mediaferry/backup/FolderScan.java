package dev.mediaferry.backup;

import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Walks a folder, depth first, holding no more than one open directory per level. Symbolic links are found, and not
 * followed.
 */
final class FolderScan implements Iterator<FoundFile>, AutoCloseable {

    private record Level(DirectoryStream<Path> stream, Iterator<Path> entries) {}

    private final Path root;
    private final Deque<Level> levels = new ArrayDeque<>();
    private FoundFile next;

    /** @throws ConfigurationException when there is no such folder */
    FolderScan(Path root) {
        if (!Files.isDirectory(root)) {
            throw new ConfigurationException(root + " is no folder");
        }
        this.root = root;
        try {
            enter(root);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the folder " + root + ": " + e.getMessage());
        }
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && !levels.isEmpty()) {
                if (levels.element().entries().hasNext()) {
                    look(levels.element().entries().next());
                } else {
                    levels.remove().stream().close();
                }
            }
            return next != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FoundFile next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        FoundFile found = next;
        next = null;
        return found;
    }

    @Override
    public void close() {
        while (!levels.isEmpty()) {
            try {
                levels.remove().stream().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void look(Path entry) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (facts.isDirectory()) {
            try {
                enter(entry);
            } catch (IOException e) {
                next = new FoundFile(path(entry), entry, 0, "the folder cannot be read");
            }
            return;
        }
        String problem = facts.isSymbolicLink()
                ? "a symbolic link is not followed"
                : facts.isRegularFile() ? null : "no regular file";
        next = new FoundFile(path(entry), entry, facts.size(), problem);
    }

    /** The stream is closed when its level is left. */
    @SuppressWarnings("StreamResourceLeak")
    private void enter(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        levels.push(new Level(stream, stream.iterator()));
    }

    private String path(Path entry) {
        return root.relativize(entry).toString().replace(entry.getFileSystem().getSeparator(), "/");
    }
}
