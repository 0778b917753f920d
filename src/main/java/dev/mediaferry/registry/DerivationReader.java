package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.object.DerivativeKeyTemplate;
import dev.mediaferry.settings.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** Reads what a registry that fits its schema has made of media, and what its entries and types name of that. */
final class DerivationReader {

    private static final int HEXADECIMAL = 16;
    private static final int MOST_PERCENT = 100;

    private final ToIntFunction<String> lines;
    private final BiConsumer<String, String> problems;
    private final Map<String, Derivation> derivations = new LinkedHashMap<>();

    /**
     * @param lines of JSON pointers
     * @param problems takes a JSON pointer and what is wrong there
     */
    DerivationReader(ToIntFunction<String> lines, BiConsumer<String, String> problems) {
        this.lines = lines;
        this.problems = problems;
    }

    List<Derivation> read(JsonNode nodes) {
        List<Derivation> read = new ArrayList<>();
        for (JsonNode node : nodes) {
            String pointer = "/derivatives/" + read.size();
            Derivation derivation = derivation(node, pointer);
            Derivation first = derivations.putIfAbsent(derivation.name(), derivation);
            if (first != null) {
                problems.accept(pointer + "/name", derivation.name() + " stands in line " + first.line() + " already");
            }
            read.add(derivation);
        }
        return read;
    }

    /** @return what an entry or a type names; empty where it names nothing, or nothing that is there, which is reported */
    Optional<Derivation> named(JsonNode node, String pointer) {
        String name = node.path("derivatives").textValue();
        if (name == null) {
            return Optional.empty();
        }
        Derivation derivation = derivations.get(name);
        if (derivation == null) {
            problems.accept(
                    pointer + "/derivatives",
                    "there are no derivatives " + name
                            + Names.nearest(name, List.copyOf(derivations.keySet()))
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse("; define them under derivatives:"));
        }
        return Optional.ofNullable(derivation);
    }

    private Derivation derivation(JsonNode node, String pointer) {
        List<Integer> thumbnails = numbers(node.path("thumbnails"));
        List<Integer> renditions = numbers(node.path("renditions"));
        OptionalInt poster = poster(node, pointer);
        if (thumbnails.isEmpty() && !node.has("optimized") && renditions.isEmpty()) {
            problems.accept(pointer, "nothing is made: name thumbnails, optimized or renditions");
        }
        if (poster.isPresent() && thumbnails.isEmpty()) {
            problems.accept(pointer + "/poster", "a poster needs thumbnails, which say its sizes");
        }
        if (node.has("hls") && renditions.isEmpty()) {
            problems.accept(pointer + "/hls", "hls needs renditions, which are what it switches between");
        }
        return new Derivation(
                lines.applyAsInt(pointer),
                node.path("name").asText(),
                thumbnails,
                formats(node),
                node.path("fit").asText("within").equals("square"),
                Optional.ofNullable(node.path("optimized").textValue()).map(DerivationReader::format),
                background(node),
                node.path("metadata").asText().equals("gps"),
                poster,
                renditions,
                node.path("hls").asBoolean(false),
                key(node, pointer, "key", DerivativeKeyTemplate.THUMBNAILS, DerivativeKeyTemplate::forPictures),
                key(node, pointer, "rendition-key", DerivativeKeyTemplate.RENDITIONS, DerivativeKeyTemplate::forFilms));
    }

    private static List<Integer> numbers(JsonNode nodes) {
        List<Integer> numbers = new ArrayList<>();
        nodes.forEach(node -> numbers.add(node.asInt()));
        return numbers;
    }

    private static List<PictureFormat> formats(JsonNode node) {
        List<PictureFormat> formats = new ArrayList<>();
        node.path("formats").forEach(format -> formats.add(format(format.asText())));
        return formats.isEmpty() ? List.of(PictureFormat.JPG) : formats;
    }

    private static PictureFormat format(String label) {
        return PictureFormat.valueOf(label.toUpperCase(java.util.Locale.ROOT));
    }

    private static int background(JsonNode node) {
        String text = node.path("background").textValue();
        return text == null ? Derivation.WHITE : Integer.parseInt(text.substring(1), HEXADECIMAL);
    }

    private OptionalInt poster(JsonNode node, String pointer) {
        if (!node.has("poster")) {
            return OptionalInt.empty();
        }
        int percent = Integer.parseInt(node.path("poster").asText().replace("%", ""));
        if (percent > MOST_PERCENT) {
            problems.accept(pointer + "/poster", "poster is " + percent + " %, but must be from 0 to 100");
        }
        return OptionalInt.of(percent);
    }

    private DerivativeKeyTemplate key(
            JsonNode node, String pointer, String name, String standard, UnaryOperator<DerivativeKeyTemplate> check) {
        try {
            return check.apply(new DerivativeKeyTemplate(node.path(name).asText(standard)));
        } catch (IllegalArgumentException e) {
            problems.accept(pointer + "/" + name, name + " " + e.getMessage());
            return new DerivativeKeyTemplate(standard);
        }
    }
}
