package dev.mediaferry.registry;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files belong to a category, like {@code Profile-Pics/{role}/{userId}}. A part never contains a slash. A letter with an
 * accent is the same whether it is one character or two (Unicode's NFC and NFD), as systems write names either way.
 */
public record PathPattern(Template template, Pattern regex) {

    /** @throws IllegalArgumentException saying what is wrong with the pattern */
    public static PathPattern of(String text) {
        Template template = new Template(text);
        if (text.startsWith("/")
                || text.endsWith("/")
                || List.of(text.split("/")).contains("..")) {
            throw new IllegalArgumentException(
                    "'" + text + "' must be a path below the folder, without a slash at its ends");
        }
        List<String> pieces = template.pieces();
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            boolean literal = i % 2 == 0;
            if (!literal && pieces.get(i - 1).isEmpty() && i > 1) {
                throw new IllegalArgumentException("'" + text + "' needs something between {" + pieces.get(i - 2)
                        + "} and {" + pieces.get(i) + "}");
            }
            regex.append(literal ? literal(pieces.get(i)) : "([^/]+)");
        }
        if (template.names().size() != pieces.size() / 2) {
            throw new IllegalArgumentException("'" + text + "' names a part twice");
        }
        return new PathPattern(template, Pattern.compile(regex.toString()));
    }

    private static String literal(String text) {
        StringBuilder regex = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFC)
                .codePoints()
                .mapToObj(Character::toString)
                .forEach(one -> {
                    String other = Normalizer.normalize(one, Normalizer.Form.NFD);
                    regex.append(
                            other.equals(one)
                                    ? Pattern.quote(one)
                                    : "(?:" + Pattern.quote(one) + "|" + Pattern.quote(other) + ")");
                });
        return regex.toString();
    }

    /** @return the parts by their names; empty when the path is of another kind */
    public Optional<Map<String, String>> match(String path) {
        Matcher matcher = regex.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> parts = new LinkedHashMap<>();
        List<String> pieces = template.pieces();
        for (int i = 1; i < pieces.size(); i += 2) {
            parts.put(pieces.get(i), matcher.group(i / 2 + 1));
        }
        return Optional.of(parts);
    }
}
