package dev.mediaferry.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whose links expire. A pattern is a host name in which {@code *} stands for any characters, also none; {@code *} alone
 * is every host. Matched against the parsed host, never against the text of a link.
 */
public final class HostPatterns {

    private static final Pattern WELL_FORMED = Pattern.compile("\\*|[a-z0-9*_-]+(?:\\.[a-z0-9*_-]+)*|\\[[0-9a-f:.]+]");

    private final List<String> patterns;
    private final Pattern regex;

    /** @throws IllegalArgumentException naming the first pattern that is no host name */
    public HostPatterns(List<String> patterns) {
        List<String> checked = new ArrayList<>();
        for (String pattern : patterns) {
            String lower = pattern.toLowerCase(Locale.ROOT);
            if (!WELL_FORMED.matcher(lower).matches()) {
                throw new IllegalArgumentException(
                        "'" + pattern
                                + "' is no host name: write it without scheme, port and path, like media.example.com or *.example.com");
            }
            checked.add(lower);
        }
        this.patterns = List.copyOf(checked);
        this.regex = Pattern.compile(checked.stream().map(HostPatterns::toRegex).collect(Collectors.joining("|")));
    }

    public boolean matches(String host) {
        return regex.matcher(host).matches();
    }

    /**
     * Patterns for SQL's {@code ILIKE} that every text with a matching host satisfies; others may satisfy them too, so the
     * decision stays with {@link #matches}. A {@code %} at both ends, backslash escapes.
     */
    public List<String> likePatterns() {
        return patterns.stream()
                .map(pattern -> "%" + pattern.replace("_", "\\_").replace("*", "%") + "%")
                .toList();
    }

    private static String toRegex(String pattern) {
        return List.of(pattern.split("\\*", -1)).stream().map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
