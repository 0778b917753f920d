package dev.mediaferry.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commented application.properties that ships with the program: it names every key there is, a leading {@code #}
 * marking those without a default.
 */
record Reference(Map<String, String> defaults, Set<String> keys) {

    /** Read by the launcher script, not by the program. */
    static final Set<String> LAUNCHER_VARIABLES = Set.of("MEDIAFERRY_HEAP", "MEDIAFERRY_JAVA_OPTS", "MEDIAFERRY_APP");

    private static final Pattern KEY = Pattern.compile("(#?)(mediaferry\\.[a-z0-9.-]+)=(.*)");

    static Reference read() {
        Map<String, String> defaults = new TreeMap<>();
        Set<String> keys = new TreeSet<>();
        for (String line : text().split("\n")) {
            Matcher matcher = KEY.matcher(line.strip());
            if (matcher.matches()) {
                keys.add(matcher.group(2));
                if (matcher.group(1).isEmpty()) {
                    defaults.put(matcher.group(2), matcher.group(3).strip());
                }
            }
        }
        return new Reference(defaults, keys);
    }

    boolean knows(String key) {
        return keys.contains(key);
    }

    Optional<String> keyOfVariable(String variable) {
        return keys.stream()
                .filter(key -> key.toUpperCase(Locale.ROOT)
                        .replace('.', '_')
                        .replace('-', '_')
                        .equals(variable))
                .findFirst();
    }

    /** @return "; did you mean …?", or nothing when no key is near */
    String nearest(String key) {
        return Names.nearest(key, keys)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    static String text() {
        try (InputStream in = Reference.class.getResourceAsStream("application.properties")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
