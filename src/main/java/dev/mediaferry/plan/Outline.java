package dev.mediaferry.plan;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.ConfigurationException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A plan while it is written. The rows of each field are gathered in a file of their own beside the one that is asked for,
 * since fields are read side by side; {@link #finish} puts them together. Its methods may be called from any thread.
 */
public final class Outline implements AutoCloseable {

    /** Only the owner: ids of rows are nobody else's business. */
    private static final String MODE = "rw-------";

    private final Optional<Path> file;
    private final boolean sizes;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<List<String>, Long> blockers =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final Map<String, Long> untold = new TreeMap<>();
    private final Set<String> left = new HashSet<>();
    private long told;
    private long bytes;

    /** Something that keeps rows of a field from being moved. */
    public record Blocker(String field, String kind, String message, long rows) {}

    /**
     * What the hosts say of sizes.
     *
     * @param told media whose size is known
     * @param bytes of these, together
     * @param untold media whose size is not, by reason
     */
    public record Sizes(long told, long bytes, Map<String, Long> untold) {}

    /** One field's rows; {@code path} is null when no file is asked for. */
    private static final class Part {
        private final Path path;
        private final OutputStream out;
        private long rows;

        Part(Path path) throws IOException {
            this.path = path;
            this.out = path == null ? OutputStream.nullOutputStream() : create(path);
        }
    }

    /**
     * @param file where the plan goes; empty for what is only shown
     * @param sizes true to ask the hosts for the sizes of the media
     * @param fields in the order of the registry
     */
    public Outline(Optional<Path> file, boolean sizes, List<String> fields) {
        this.file = file.map(Path::toAbsolutePath);
        this.sizes = sizes;
        try {
            for (String field : fields) {
                parts.put(field, new Part(beside(".part" + parts.size())));
            }
        } catch (IOException e) {
            close();
            throw unwritable(e);
        }
    }

    public boolean asksSizes() {
        return sizes;
    }

    /** @param rows of one field, in the order of their ids */
    public synchronized void add(String field, List<PlannedRow> rows) {
        Part part = parts.get(field);
        try {
            for (PlannedRow row : rows) {
                part.out.write(line(row));
                part.rows++;
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    public synchronized void block(String field, String kind, String message, long rows) {
        if (rows > 0) {
            blockers.merge(List.of(field, kind, message), rows, Long::sum);
        }
    }

    public synchronized void told(long size) {
        told++;
        bytes += size;
    }

    public synchronized void untold(String reason) {
        untold.merge(reason, 1L, Long::sum);
    }

    /** The host does not want to be asked so much. */
    public synchronized void leave(String host) {
        left.add(host);
    }

    public synchronized boolean leaves(String host) {
        return left.contains(host);
    }

    public synchronized List<Blocker> blockers() {
        List<Blocker> list = new ArrayList<>();
        blockers.forEach((what, rows) -> list.add(new Blocker(what.get(0), what.get(1), what.get(2), rows)));
        return list;
    }

    /** @return empty when nobody was asked */
    public synchronized Optional<Sizes> sizes() {
        return sizes ? Optional.of(new Sizes(told, bytes, new TreeMap<>(untold))) : Optional.empty();
    }

    public synchronized long rows() {
        return parts.values().stream().mapToLong(part -> part.rows).sum();
    }

    /**
     * Puts the file in its place, complete or not at all.
     *
     * @return its digest, or empty when no file is asked for
     */
    public synchronized Optional<String> finish(PlanScope scope, Object summary) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> rows = new LinkedHashMap<>();
        parts.forEach((field, part) -> rows.put(field, part.rows));
        MessageDigest digest = Digests.sha256();
        Path whole = beside(".part");
        try {
            try (OutputStream out = create(whole)) {
                DigestOutputStream content = new DigestOutputStream(out, digest);
                content.write(line(new PlanHeader(
                        PlanHeader.FORMAT, Instant.now().toString(), scope, rows, json.valueToTree(summary))));
                for (Part part : parts.values()) {
                    part.out.close();
                    Files.copy(part.path, content);
                }
                content.flush();
                String hex = "sha256:" + Digests.hex(digest);
                out.write(line(Map.of("digest", hex)));
                out.close();
                Files.move(whole, file.get(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                return Optional.of(hex);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Removes what was gathered. */
    @Override
    public synchronized void close() {
        for (Part part : parts.values()) {
            try {
                part.out.close();
                if (part.path != null) {
                    Files.deleteIfExists(part.path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Path beside(String suffix) {
        return file.map(path -> path.resolveSibling(path.getFileName() + suffix))
                .orElse(null);
    }

    private byte[] line(Object value) throws IOException {
        return (json.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static OutputStream create(Path path) throws IOException {
        Files.deleteIfExists(path);
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
        }
        return new BufferedOutputStream(Files.newOutputStream(path), 64 * 1024);
    }

    private ConfigurationException unwritable(IOException e) {
        return new ConfigurationException("--out: cannot write the plan to " + file.orElse(null) + ": " + e);
    }
}
