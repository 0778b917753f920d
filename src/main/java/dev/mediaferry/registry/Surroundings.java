package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/**
 * What the reader of an entry asks of the file that the entry stands in.
 *
 * @param lines of JSON pointers
 * @param problems takes a JSON pointer and what is wrong there
 * @param buckets reads the name of a bucket from an entry
 * @param derivations reads what an entry has made of its media
 */
record Surroundings(
        ToIntFunction<String> lines,
        BiConsumer<String, String> problems,
        BiFunction<JsonNode, String, Optional<String>> buckets,
        BiFunction<JsonNode, String, Optional<Derivation>> derivations) {

    int line(String pointer) {
        return lines.applyAsInt(pointer);
    }

    void problem(String pointer, String text) {
        problems.accept(pointer, text);
    }

    Optional<String> bucket(JsonNode node, String pointer) {
        return buckets.apply(node, pointer);
    }

    Optional<Derivation> derivation(JsonNode node, String pointer) {
        return derivations.apply(node, pointer);
    }
}
