package dev.mediaferry.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories (0700) and files (0600) that no other user of the machine reads, where the file system knows of users. */
public final class OwnerOnly {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);

    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final boolean KNOWN =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private OwnerOnly() {}

    /**
     * Creates it with its parents, or closes it to others when it is there. One that belongs to somebody else, like a volume
     * that a platform mounts for a group, stays as it is.
     */
    public static Path directory(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(DIRECTORY));
        if (KNOWN && !Files.getPosixFilePermissions(directory).equals(DIRECTORY)) {
            try {
                Files.setPosixFilePermissions(directory, DIRECTORY);
            } catch (FileSystemException e) {
                LOG.warn("{} belongs to another user, so it is not closed to others", directory);
            }
        }
        return directory;
    }

    /** Makes an empty file in the place of one that may be there. */
    public static Path create(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Files.createFile(file, attributes(FILE));
    }

    /** Writes it as a whole, never readable by others for a moment. */
    public static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        create(part);
        Files.writeString(part, text, StandardCharsets.UTF_8);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return KNOWN
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
