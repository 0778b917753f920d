package dev.mediaferry.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.ConfigurationException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan that was written: a header, a line per row, and a line with the digest of all bytes before it. It is read to its
 * end once, so that a changed one is refused before anything is done, and then again field by field, in little memory.
 */
public final class PlanFile {

    /** Longer lines are none of ours: an id has 500 characters at most, and a header a few hundred bytes per field. */
    private static final int LONGEST_LINE = 16 * 1024 * 1024;

    private static final int BUFFER = 64 * 1024;

    private final Path path;
    private final PlanHeader header;
    private final String digest;
    private final Map<String, Long> offsets;
    private final JsonMapper json = JsonMapper.builder().build();

    private PlanFile(Path path, PlanHeader header, String digest, Map<String, Long> offsets) {
        this.path = path;
        this.header = header;
        this.digest = digest;
        this.offsets = offsets;
    }

    /** @throws ConfigurationException when it is no plan, or not the one that was written */
    public static PlanFile open(Path path) {
        try (LineReader lines = new LineReader(path, 0)) {
            return read(path, lines);
        } catch (JsonProcessingException e) {
            throw noPlan(path, "its first line is no header");
        } catch (IOException e) {
            throw new ConfigurationException("--plan: cannot read " + path + ": " + e);
        }
    }

    private static PlanFile read(Path path, LineReader lines) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        byte[] first = lines.next();
        JsonNode tree = first == null ? null : json.readTree(first);
        if (tree == null || !tree.path("format").isInt() || !tree.has("scope")) {
            throw noPlan(path, "its first line is no header");
        }
        if (tree.path("format").asInt() != PlanHeader.FORMAT) {
            throw noPlan(path, "another version wrote it; make a new one");
        }
        PlanHeader header = json.treeToValue(tree, PlanHeader.class);
        Map<String, Long> offsets = new LinkedHashMap<>();
        MessageDigest digest = Digests.sha256();
        digest.update(first);
        for (Map.Entry<String, Long> field : header.rows().entrySet()) {
            offsets.put(field.getKey(), lines.position());
            for (long row = 0; row < field.getValue(); row++) {
                byte[] line = lines.next();
                if (line == null) {
                    throw noPlan(path, "it ends too early");
                }
                digest.update(line);
            }
        }
        byte[] last = lines.next();
        String hex = "sha256:" + Digests.hex(digest);
        byte[] expected = ("{\"digest\":\"" + hex + "\"}\n").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, last) || lines.next() != null) {
            throw noPlan(path, "it is not as it was written: its digest does not fit; make a new one");
        }
        return new PlanFile(path, header, hex, offsets);
    }

    /** @throws ConfigurationException when it was made for something else, with every difference */
    public void check(PlanScope here) {
        List<String> differences = header.scope().differences(here);
        if (!differences.isEmpty()) {
            throw new ConfigurationException(differences.stream()
                    .map(difference -> "--plan: " + path + " is none for this: " + difference)
                    .toList());
        }
    }

    public List<String> fields() {
        return List.copyOf(header.rows().keySet());
    }

    public long rows() {
        return header.rows().values().stream().mapToLong(Long::longValue).sum();
    }

    public String digest() {
        return digest;
    }

    /** The rows of one field, in the order in which they were written. */
    public Rows rows(String field) {
        return new Rows(field);
    }

    /** Reads on where it was, and keeps nothing open in between. */
    public final class Rows {
        private final String field;
        private long left;
        private long position;
        private long read;
        private long end;

        private Rows(String field) {
            this.field = field;
            this.left = header.rows().getOrDefault(field, 0L);
            this.position = offsets.getOrDefault(field, 0L);
            this.end = position;
        }

        public boolean isEmpty() {
            return left == 0;
        }

        /** @return the same rows again until they are {@linkplain #pageDone done} */
        public List<PlannedRow> page(int most) {
            List<PlannedRow> page = new ArrayList<>();
            try (LineReader lines = new LineReader(path, position)) {
                while (page.size() < Math.min(most, left)) {
                    byte[] line = lines.next();
                    PlannedRow row = line == null ? null : json.readValue(line, PlannedRow.class);
                    if (row == null || !row.field().equals(field)) {
                        throw noPlan(path, "it was changed while it was followed");
                    }
                    page.add(row);
                }
                read = page.size();
                end = lines.position();
                return page;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public void pageDone() {
            left -= read;
            position = end;
            read = 0;
        }
    }

    /** Lines with the newline at their end. */
    private static final class LineReader implements AutoCloseable {
        private final InputStream in;
        private long position;

        LineReader(Path path, long start) throws IOException {
            in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
            in.skipNBytes(start);
            position = start;
        }

        long position() {
            return position;
        }

        /** @return null at the end */
        byte[] next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            int c = in.read();
            while (c >= 0) {
                line.write(c);
                if (c == '\n' || line.size() > LONGEST_LINE) {
                    break;
                }
                c = in.read();
            }
            position += line.size();
            return line.size() == 0 ? null : line.toByteArray();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static ConfigurationException noPlan(Path path, String why) {
        return new ConfigurationException("--plan: " + path + " is no plan to follow: " + why);
    }
}
