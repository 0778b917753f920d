package dev.mediaferry.link;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An http or https link in the one form that is requested: lower-case scheme and host, only the characters that RFC 3986
 * allows, no fragment, no user information. What stands in path and query is kept to the byte, since signatures cover it;
 * only characters that no request line may carry are percent-encoded.
 *
 * @param host a registered name in ASCII, a dotted IPv4 address, or an IPv6 address in brackets
 * @param port explicit or the scheme's own
 */
public record Link(URI uri, String host, int port) {

    /** Longer texts are no links: the limit most servers and caches share. */
    public static final int MAX_LENGTH = 8192;

    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");

    /**
     * @throws InvalidLinkException with a sentence for the operator; never for a link that a browser and this program
     *     would read alike
     */
    public static Link parse(String text) throws InvalidLinkException {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidLinkException("longer than " + MAX_LENGTH + " characters");
        }
        String trimmed = text.strip();
        String scheme = scheme(trimmed);
        int start = scheme.length() + "://".length();
        int end = start;
        while (end < trimmed.length() && "/?#".indexOf(trimmed.charAt(end)) < 0) {
            end++;
        }
        String authority = trimmed.substring(start, end);
        if (authority.indexOf('@') >= 0) {
            throw new InvalidLinkException("user information before the host");
        }
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        int port = colon < 0 ? defaultPort(scheme) : port(authority.substring(colon + 1), scheme);
        String host = host(colon < 0 ? authority : authority.substring(0, colon));
        String suffix = port == defaultPort(scheme) ? "" : ":" + port;
        int fragment = trimmed.indexOf('#', end);
        String rest = encode(trimmed.substring(end, fragment < 0 ? trimmed.length() : fragment));
        String path = rest.startsWith("/") ? rest : "/" + rest;
        try {
            return new Link(new URI(scheme + "://" + host + suffix + path), host, port);
        } catch (URISyntaxException e) {
            throw new InvalidLinkException(e.getReason());
        }
    }

    /**
     * @param location the header of a redirect, a character for each byte that came
     * @return where it leads from here (RFC 3986, section 5.2)
     * @throws InvalidLinkException when that is nothing that could have been asked for in the first place
     */
    public Link redirectedTo(String location) throws InvalidLinkException {
        return parse(Reference.resolve(uri.toString(), Reference.decoded(location.strip())));
    }

    /** The first value of every query parameter, undecoded. */
    public Map<String, String> query() {
        Map<String, String> parameters = new TreeMap<>();
        String raw = uri.getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    parameters.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
        }
        return parameters;
    }

    private static String scheme(String text) throws InvalidLinkException {
        for (String scheme : new String[] {"https", "http"}) {
            if (text.regionMatches(true, 0, scheme + "://", 0, scheme.length() + 3)) {
                return scheme;
            }
        }
        throw new InvalidLinkException("not an http or https link");
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static int port(String digits, String scheme) throws InvalidLinkException {
        if (digits.isEmpty()) {
            return defaultPort(scheme);
        }
        if (digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidLinkException("no port: " + digits);
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw new InvalidLinkException("no port: " + digits);
        }
        return port;
    }

    /**
     * One spelling per host. Names whose last label is a number are addresses to some resolvers (octal, hexadecimal,
     * shortened), so only the plain dotted form is let through.
     */
    private static String host(String written) throws InvalidLinkException {
        String host = written.toLowerCase(Locale.ROOT);
        if (IPV6.matcher(host).matches() || IPV4.matcher(host).matches()) {
            return host;
        }
        try {
            host = HostNames.toAscii(host);
        } catch (IllegalArgumentException e) {
            throw new InvalidLinkException("no host name: " + written);
        }
        String last = host.substring(host.lastIndexOf('.') + 1);
        boolean numeric = !last.isEmpty() && (Character.isDigit(last.charAt(0)) && last.matches("\\d+|0x[0-9a-f]*"));
        if (host.length() > 253 || numeric || !NAME.matcher(host).matches()) {
            throw new InvalidLinkException("no host name: " + written);
        }
        return host;
    }

    private static String encode(String rest) throws InvalidLinkException {
        StringBuilder out = new StringBuilder(rest.length() + 16);
        for (int i = 0; i < rest.length(); ) {
            int c = rest.codePointAt(i);
            if (c < 0x20 || c == 0x7f) {
                throw new InvalidLinkException("a control character");
            }
            boolean escape =
                    c == '%' && i + 2 < rest.length() && isHex(rest.charAt(i + 1)) && isHex(rest.charAt(i + 2));
            boolean plain = c < 128 && "\"<>\\^`{|} %[]".indexOf(c) < 0;
            if (plain || escape) {
                out.append((char) c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    out.append('%').append(String.format(Locale.ROOT, "%02X", b));
                }
            }
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }
}
