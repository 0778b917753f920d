package dev.mediaferry.imports;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Shown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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

    /** Most bytes of a path that Linux takes; other systems take fewer. */
    private static final int MOST_BYTES = 4095;

    private record Level(Path folder, DirectoryStream<Path> stream, Iterator<Path> entries) {}

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
                step(levels.element());
            }
            return next != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void step(Level level) throws IOException {
        try {
            if (level.entries().hasNext()) {
                look(level.entries().next());
                return;
            }
        } catch (DirectoryIteratorException e) {
            next = FoundFile.unseen(path(level.folder()), level.folder(), "the folder cannot be read to its end");
        }
        levels.remove().stream().close();
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

    private void look(Path entry) {
        String path = path(entry);
        if (!isText(entry)) {
            next = FoundFile.unseen(path, entry, "its name is not in " + System.getProperty("sun.jnu.encoding"));
            return;
        }
        try {
            BasicFileAttributes facts =
                    Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (facts.isDirectory()) {
                enter(entry);
                return;
            }
            String problem = facts.isSymbolicLink()
                    ? "a symbolic link is not followed"
                    : facts.isRegularFile() ? null : "no regular file";
            next = new FoundFile(path, entry, facts.size(), problem, false);
        } catch (IOException e) {
            next = FoundFile.unseen(path, entry, problem(entry, e));
        }
    }

    /** @return why nobody can look at a file or folder, for a person */
    static String problem(Path entry, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "it went away while the folder was searched";
        }
        if (failure instanceof AccessDeniedException) {
            return "it may not be read, or the folder may not be entered";
        }
        return entry.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
                ? "its path is longer than this system takes"
                : "it cannot be read: " + failure.getMessage();
    }

    /** Java reads bytes that are no text as something else, under which the file would not be found again. */
    private static boolean isText(Path entry) {
        Path name = entry.getFileName();
        String text = name.toString();
        if (text.indexOf('\ufffd') < 0) {
            return true;
        }
        try {
            return entry.getFileSystem().getPath(text).equals(name);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The stream is closed when its level is left. */
    @SuppressWarnings("StreamResourceLeak")
    private void enter(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        levels.push(new Level(directory, stream, stream.iterator()));
    }

    private String path(Path entry) {
        if (!isText(entry)) {
            String folder = path(entry.getParent());
            return (folder.isEmpty() ? "" : folder + "/") + Shown.bytes(bytes(entry));
        }
        return root.relativize(entry).toString().replace(entry.getFileSystem().getSeparator(), "/");
    }

    /** The bytes of a name, which only its address has. */
    private static byte[] bytes(Path entry) {
        String address = entry.toUri().getRawPath();
        String name = address.substring(address.lastIndexOf('/', address.length() - 2) + 1)
                .replaceFirst("/$", "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '%') {
                bytes.write(Integer.parseInt(name, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(name.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
