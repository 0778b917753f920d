package dev.mediaferry.fetch;

import dev.mediaferry.link.HostPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What requests say of themselves, and what single hosts want to hear besides: a page that links to them, a key. Values may
 * be secrets, so neither messages nor {@link #toString} show them.
 */
public final class RequestHeaders {

    private static final String USER_AGENT = "User-Agent";

    /** Hosts, name and value. */
    private static final Pattern LINE =
            Pattern.compile("(\\S+)\\s+([!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*(.*)", Pattern.DOTALL);

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]+");

    /** What belongs to the connection, or changes which bytes come. */
    private static final Set<String> OURS = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "expect",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "keep-alive",
            "range",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private record Rule(HostPatterns hosts, String name, String value) {}

    private final String userAgent;
    private final List<Rule> rules;

    private RequestHeaders(String userAgent, List<Rule> rules) {
        this.userAgent = userAgent;
        this.rules = List.copyOf(rules);
    }

    /** @param userAgent a product with its version, and a comment when somebody wants a contact */
    static RequestHeaders of(String userAgent) {
        return new RequestHeaders(userAgent, List.of());
    }

    /**
     * @param text a header a line: host patterns with commas between them, a blank, {@code Name: value}; lines that begin
     *     with {@code #} say nothing
     * @param variable what an environment variable holds, which {@code ${NAME}} in a value stands for
     * @return these headers with those of the text, of which the last one of a name counts
     * @throws IllegalArgumentException naming the line, but never a value
     */
    RequestHeaders with(String text, Function<String, Optional<String>> variable) {
        List<Rule> more = new ArrayList<>(rules);
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                try {
                    more.add(rule(line.strip(), variable));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return new RequestHeaders(userAgent, more);
    }

    private static Rule rule(String line, Function<String, Optional<String>> variable) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a header is written as hosts, a blank, its name, a colon and its value: *.example.com Referer: https://example.com/");
        }
        String name = matcher.group(2);
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the header " + name + " is the program's own");
        }
        String value = VARIABLE.matcher(matcher.group(3))
                .replaceAll(match -> Matcher.quoteReplacement(variable(name, match, variable)))
                .strip();
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "the header " + name + " has no value, or characters in it that are not ASCII");
        }
        return new Rule(new HostPatterns(Stream.of(matcher.group(1).split(",")).toList()), name, value);
    }

    private static String variable(String name, MatchResult match, Function<String, Optional<String>> variable) {
        return variable.apply(match.group(1))
                .orElseThrow(() -> new IllegalArgumentException("the header " + name
                        + " names the environment variable " + match.group(1) + ", which is not set"));
    }

    /**
     * @param host that is asked, after redirects, too
     * @param trusted false for a host that hears nothing but who asks: what it is sent, others could read
     */
    Map<String, String> of(String host, boolean trusted) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(USER_AGENT, userAgent);
        if (trusted) {
            rules.stream()
                    .filter(rule -> rule.hosts().matches(host))
                    .forEach(rule -> headers.put(rule.name(), rule.value()));
        }
        return headers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestHeaders that && userAgent.equals(that.userAgent) && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return userAgent.hashCode();
    }

    @Override
    public String toString() {
        return userAgent + ", "
                + rules.stream().map(rule -> rule.hosts() + " " + rule.name()).toList();
    }
}
