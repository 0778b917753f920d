package dev.mediaferry.link;

import java.net.IDN;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Host names in which {@code *} stands for any characters, also none; {@code *} alone is every host. Matched against the
 * parsed host, never against the text of a link. Names of other letters than ASCII are the same as their encoded form.
 */
public final class HostPatterns {

    /** Matches nothing. */
    public static final HostPatterns NONE = new HostPatterns(List.of());

    private static final Pattern WELL_FORMED = Pattern.compile("\\*|[a-z0-9*_-]+(?:\\.[a-z0-9*_-]+)*|\\[[0-9a-f:.]+]");
    private static final Pattern OTHER_LETTERS = Pattern.compile("[^\\x00-\\x7f]+");

    private final List<String> patterns;
    private final Pattern regex;

    /** @throws IllegalArgumentException naming the first pattern that is no host name */
    public HostPatterns(List<String> patterns) {
        this.patterns = patterns.stream().map(HostPatterns::ascii).toList();
        this.regex = Pattern.compile(this.patterns.stream()
                .map(HostNames::unabridged)
                .map(HostPatterns::toRegex)
                .collect(Collectors.joining("|")));
    }

    /** @param host as in {@link Link#host} */
    public boolean matches(String host) {
        return regex.matcher(HostNames.unabridged(host)).matches();
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /**
     * Patterns for SQL's {@code ILIKE} that every text with a matching host satisfies whose ASCII letters are written as
     * such; others may satisfy them too, so the decision stays with {@link #matches}. A {@code %} at both ends, backslash
     * escapes.
     */
    public List<String> likePatterns() {
        return patterns.stream()
                .flatMap(pattern -> Stream.concat(Stream.of(like(pattern)), asWritten(pattern)))
                .toList();
    }

    private static String ascii(String pattern) {
        String wrong = "'" + pattern
                + "' is no host name: write it without scheme, port and path, like media.example.com or *.example.com";
        try {
            String ascii = HostNames.toAscii(pattern);
            if (WELL_FORMED.matcher(ascii).matches()) {
                return ascii;
            }
        } catch (IllegalArgumentException e) {
            if (pattern.contains("*")) {
                throw new IllegalArgumentException(wrong + ", and * not within a label that has other letters", e);
            }
            throw new IllegalArgumentException(wrong, e);
        }
        throw new IllegalArgumentException(wrong);
    }

    /** For names that may stand in a link unencoded: in either case, composed or not, and with the dots of any script. */
    private static Stream<String> asWritten(String pattern) {
        String written =
                Stream.of(pattern.split("\\.")).map(HostPatterns::decoded).collect(Collectors.joining("."));
        return written.equals(pattern)
                ? Stream.empty()
                : Stream.of(
                        OTHER_LETTERS.matcher(like(written).replace('.', '_')).replaceAll("%"));
    }

    /** A label that Java cannot decode, for its rules are older, may be anything. */
    private static String decoded(String label) {
        String written = label.startsWith("xn--") ? IDN.toUnicode(label) : label;
        return written.startsWith("xn--") ? "*" : written;
    }

    private static String like(String pattern) {
        return "%" + pattern.replace("_", "\\_").replace("*", "%") + "%";
    }

    private static String toRegex(String pattern) {
        return List.of(pattern.split("\\*", -1)).stream().map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPatterns that && patterns.equals(that.patterns);
    }

    @Override
    public int hashCode() {
        return patterns.hashCode();
    }

    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
