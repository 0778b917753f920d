package dev.mediaferry.reference;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.content.Digests;
import dev.mediaferry.content.OwnerOnly;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A dump as a file: compressed lines of JSON, one for each row with what its old and new columns say, after them one for each note
 * of verify. Neither writing nor reading holds more than a few lines.
 */
final class DumpFile implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final BufferedReader lines;

    /**
     * A row, or a note. Values are as PostgreSQL writes them as text.
     *
     * @param id of the row; null for a note
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String id,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> old,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> fresh,
            Note note) {}

    /** What verify has noted of a row. */
    record Note(String row, String kind, String old, String fresh) {}

    private DumpFile(BufferedReader lines) {
        this.lines = lines;
    }

    static DumpFile open(Path file) throws IOException {
        return new DumpFile(new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8)));
    }

    /** @return the next lines; none at the end */
    List<Line> next(int most) throws IOException {
        List<Line> next = new ArrayList<>();
        while (next.size() < most) {
            String line = lines.readLine();
            if (line == null) {
                break;
            }
            next.add(JSON.readValue(line, Line.class));
        }
        return next;
    }

    static String json(List<Line> lines) throws IOException {
        return JSON.writeValueAsString(lines);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Writes one; its hash and its length are known when it is closed. */
    static final class Out implements AutoCloseable {

        private final MessageDigest hash = Digests.sha256();
        private final Path file;
        private final Writer writer;

        /** @param file is replaced */
        Out(Path file) throws IOException {
            this.file = file;
            OutputStream bytes = new DigestOutputStream(Files.newOutputStream(OwnerOnly.create(file)), hash);
            this.writer =
                    new BufferedWriter(new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8));
        }

        void write(Line line) throws IOException {
            writer.write(JSON.writeValueAsString(line));
            writer.write('\n');
        }

        /** @return the SHA-256 of a file that is closed */
        String sha256() {
            return Digests.hex(hash);
        }

        long bytes() throws IOException {
            return Files.size(file);
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
