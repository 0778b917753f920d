package dev.mediaferry.content;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.format.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Takes files of this machine in: hashes and inspects them in one pass. Small ones are read into memory; others stay where
 * they are, and are neither copied nor ever changed.
 */
public final class LocalFiles {

    /** Enough of a file to tell whether it is a medium. */
    public static final int HEAD_LENGTH = MediaInspection.SVG_HEAD;

    private static final int BUFFER = 64 * 1024;

    private final MediaInspection inspection;

    /** @param maxPixels width times height of a picture, at most */
    public LocalFiles(long maxPixels) {
        this.inspection = new MediaInspection(maxPixels);
    }

    /** @return the first bytes of a file, at most {@code most}; not those that a symbolic link leads to */
    public static byte[] head(Path file, int most) throws IOException {
        try (SeekableByteChannel channel = open(file)) {
            ByteBuffer head = ByteBuffer.allocate(most);
            while (head.hasRemaining() && channel.read(head) >= 0) {}
            return Arrays.copyOf(head.array(), head.position());
        }
    }

    /**
     * @param head of a file, {@link #HEAD_LENGTH} of its bytes when it has as many
     * @return what {@link #read} takes it for; empty for what it takes for no medium, whatever kinds are asked for
     */
    public static Optional<MediaType> type(byte[] head) {
        return MediaType.of(Arrays.copyOf(head, Math.min(head.length, MediaType.HEAD_LENGTH)))
                .or(() -> MediaInspection.svg(head));
    }

    /**
     * @param root that the file must lie in, symbolic links followed
     * @param name path of the file below the root
     * @param kinds that the entry takes
     * @param md5 that the bytes must have, in lower case; empty when none is known
     * @throws TransferException when the file is not there, lies outside, changes meanwhile, has another MD5, or is no
     *     such medium
     */
    public Content read(Path root, String name, long maxBytes, Set<MediaKind> kinds, Optional<String> md5)
            throws IOException {
        Path file = inside(root, name);
        try {
            FileMark mark = FileMark.of(file);
            if (!mark.regular()) {
                throw new TransferException(FailureKind.ADDRESS_REFUSED, name + " is no regular file");
            }
            if (mark.size() > maxBytes) {
                throw new TransferException(
                        FailureKind.TOO_LARGE, mark.size() + " bytes, the registry allows " + maxBytes);
            }
            return read(mark, kinds, md5);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new TransferException(FailureKind.MISSING_FILE, "the file is not there: " + name, e);
        } catch (AccessDeniedException e) {
            throw new TransferException(FailureKind.FORBIDDEN, "the file may not be read: " + name, e);
        } catch (EOFException e) {
            throw new TransferException(FailureKind.CHANGED, "the file became shorter while it was read", e);
        } catch (IOException e) {
            throw new TransferException(FailureKind.UNAVAILABLE, "the file cannot be read: " + e.getMessage(), e);
        }
    }

    private Content read(FileMark mark, Set<MediaKind> kinds, Optional<String> md5) throws IOException {
        // A link that somebody puts in the file's place meanwhile leads to an error: what is open is no link.
        try (SeekableByteChannel channel = open(mark.file())) {
            Content content = mark.size() <= BodyReader.IN_MEMORY
                    ? small(channel, mark, kinds, md5)
                    : large(channel, mark, kinds, md5);
            content.checkUnchanged();
            return content;
        }
    }

    private static SeekableByteChannel open(Path file) throws IOException {
        return Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * @return where the file really is
     * @throws TransferException when the path leads out of the root, by its names or by a symbolic link
     */
    public static Path inside(Path root, String name) {
        Path file = root.resolve(name).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
            throw new TransferException(FailureKind.ADDRESS_REFUSED, "the path leads out of the folder: " + name);
        }
        try {
            Path real = file.getParent().toRealPath();
            // Without a link in it, the path is as good as it looks.
            if (!real.equals(file.getParent()) && !real.startsWith(root.toRealPath())) {
                throw new TransferException(
                        FailureKind.ADDRESS_REFUSED, "a symbolic link leads out of the folder: " + name);
            }
            return real.resolve(file.getFileName());
        } catch (IOException e) {
            throw new TransferException(FailureKind.MISSING_FILE, "the file is not there: " + name, e);
        }
    }

    private Content small(SeekableByteChannel channel, FileMark mark, Set<MediaKind> kinds, Optional<String> md5)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) mark.size());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException();
            }
        }
        if (md5.isPresent()) {
            MessageDigest known = Digests.md5();
            known.update(bytes.array());
            check(known, md5.get());
        }
        MessageDigest digest = Digests.sha256();
        digest.update(bytes.array());
        Inspected found = inspection.inspect(Bytes.of(bytes.array(), bytes.capacity()), kinds, true);
        return new Content(
                bytes.array(),
                null,
                mark.size(),
                Digests.hex(digest),
                found.type(),
                mark,
                null,
                found.dimensions(),
                found.endless());
    }

    private Content large(SeekableByteChannel channel, FileMark mark, Set<MediaKind> kinds, Optional<String> md5)
            throws IOException {
        MessageDigest digest = Digests.sha256();
        Optional<MessageDigest> known = md5.map(expected -> Digests.md5());
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long length = 0;
        for (int count = channel.read(buffer); count >= 0; count = channel.read(buffer)) {
            digest.update(buffer.array(), 0, count);
            if (known.isPresent()) {
                known.get().update(buffer.array(), 0, count);
            }
            length += count;
            buffer.clear();
        }
        if (length != mark.size()) {
            throw new TransferException(FailureKind.CHANGED, "the file changed while it was read");
        }
        known.ifPresent(computed -> check(computed, md5.get()));
        try (Bytes bytes = Bytes.of(mark.file())) {
            Inspected found = inspection.inspect(bytes, kinds, true);
            return new Content(
                    null,
                    mark.file(),
                    length,
                    Digests.hex(digest),
                    found.type(),
                    mark,
                    null,
                    found.dimensions(),
                    found.endless());
        }
    }

    private static void check(MessageDigest computed, String expected) {
        String md5 = Digests.hex(computed);
        if (!md5.equals(expected)) {
            throw new TransferException(
                    FailureKind.CHECKSUM_MISMATCH, "the file's MD5 is " + md5 + ", the table has " + expected);
        }
    }
}
