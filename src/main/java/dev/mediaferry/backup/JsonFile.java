package dev.mediaferry.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A JSON document that may be larger than the memory: written beside its place, and moved there when it is whole. */
record JsonFile(Path file) {

    /** Writes the fields of the document. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    void write(Fields fields) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (JsonGenerator json = JsonMapper.builder().build().createGenerator(Files.newBufferedWriter(part))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + part, e);
        }
        try {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
