package dev.mediaferry.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How a command's result is shown. */
final class OutputOptions {

    @Option(names = "--json", description = "Print one JSON document, and nothing else, on standard output.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** @param text the document for a person */
    void print(Object document, Supplier<String> text) {
        System.out.println(json ? json(document) : text.get());
        System.out.flush();
    }

    private static String json(Object document) {
        try {
            return JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report that is no JSON", e);
        }
    }
}
