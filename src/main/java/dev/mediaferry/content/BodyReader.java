package dev.mediaferry.content;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.format.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a body in: counts, hashes and inspects it in one pass, and keeps it in memory or, beyond 1 MB, in a spool file.
 * No more than the limit is read, whatever was announced.
 */
public final class BodyReader {

    /** Bodies up to this size stay in memory. */
    public static final int IN_MEMORY = 1_000_000;

    private static final int BUFFER = 16 * 1024;

    private final Path spool;
    private final long maxBytes;
    private final MediaInspection inspection;

    /**
     * @param spool existing directory for large bodies
     * @param maxPixels width times height of a picture, at most
     */
    public BodyReader(Path spool, long maxBytes, long maxPixels) {
        this.spool = spool;
        this.maxBytes = maxBytes;
        this.inspection = new MediaInspection(maxPixels);
    }

    /**
     * @param body is closed
     * @param announced the length that was promised, or null
     * @param kinds that the field takes
     * @throws TransferException when the bytes are too many, too few, or no such medium
     */
    public Content receive(InputStream body, Long announced, Set<MediaKind> kinds) throws IOException {
        if (announced != null && announced > maxBytes) {
            body.close();
            throw tooLarge(announced + " bytes announced");
        }
        try (body;
                Sink sink = new Sink(announced)) {
            try {
                while (sink.fillFrom(body)) {}
                if (announced != null && announced != sink.length) {
                    throw new TransferException(
                            FailureKind.TRUNCATED, "got " + sink.length + " of " + announced + " bytes announced");
                }
                return sink.content(kinds, announced != null);
            } catch (TransferException e) {
                throw sink.shown().map(e::withAnswer).orElse(e);
            }
        }
    }

    private TransferException tooLarge(String what) {
        return new TransferException(FailureKind.TOO_LARGE, what + ", mediaferry.fetch.max-bytes allows " + maxBytes);
    }

    /** Where the bytes go while they arrive. Closing it without having asked for the content deletes the spool file. */
    private final class Sink implements AutoCloseable {
        private final MessageDigest digest = Digests.sha256();
        private byte[] memory;
        private long length;
        private Path file;
        private OutputStream out;
        private Optional<byte[]> first;

        Sink(Long announced) {
            memory = new byte[announced == null || announced > IN_MEMORY ? BUFFER : announced.intValue()];
        }

        /** @return false at the end of the body */
        boolean fillFrom(InputStream body) throws IOException {
            int offset = out == null ? (int) length : 0;
            int count;
            if (offset == memory.length) {
                // A body that is as long as announced ends here, and the array needs no copy to fit it.
                int next = body.read();
                if (next < 0) {
                    return false;
                }
                memory = Arrays.copyOf(memory, Math.max(BUFFER, memory.length * 2));
                memory[offset] = (byte) next;
                count = 1;
            } else {
                count = body.read(memory, offset, memory.length - offset);
                if (count < 0) {
                    return false;
                }
            }
            if (length + count > maxBytes) {
                throw tooLarge("more than " + maxBytes + " bytes sent");
            }
            digest.update(memory, offset, count);
            length += count;
            if (out != null) {
                spool(count);
            } else if (length > IN_MEMORY) {
                spill();
            }
            return true;
        }

        private void spill() {
            try {
                file = Files.createTempFile(spool, "medium-", ".part");
                out = Files.newOutputStream(file);
            } catch (IOException e) {
                throw diskFull(e);
            }
            spool((int) length);
            first = MediaType.shownOf(memory, (int) length);
            memory = new byte[BUFFER];
        }

        private void spool(int count) {
            try {
                out.write(memory, 0, count);
            } catch (IOException e) {
                throw diskFull(e);
            }
        }

        private TransferException diskFull(IOException e) {
            String reason = e instanceof FileSystemException fs ? fs.getReason() : e.getMessage();
            return new TransferException(
                    FailureKind.DISK_FULL, "cannot write to the spool directory " + spool + ": " + reason, e);
        }

        /** @param all true when these are as many bytes as were announced */
        Content content(Set<MediaKind> kinds, boolean all) throws IOException {
            if (out == null) {
                Inspected found = inspection.inspect(Bytes.of(memory, (int) length), kinds, all);
                byte[] bytes = memory.length == length ? memory : Arrays.copyOf(memory, (int) length);
                return content(bytes, null, found);
            }
            out.close();
            try (Bytes bytes = Bytes.of(file)) {
                Inspected found = inspection.inspect(bytes, kinds, all);
                Content content = content(null, file, found);
                file = null;
                return content;
            }
        }

        private Content content(byte[] bytes, Path spooled, Inspected found) {
            return new Content(
                    bytes, spooled, length, hash(), found.type(), null, null, found.dimensions(), found.endless());
        }

        /** @return the beginning, when it is a picture's */
        Optional<byte[]> shown() {
            return out == null ? MediaType.shownOf(memory, (int) length) : first;
        }

        private String hash() {
            return Digests.hex(digest);
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }
}
