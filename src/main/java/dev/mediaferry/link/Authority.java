package dev.mediaferry.link;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an address leads: {@link URI#getHost} knows no host with an underscore in it, which buckets and containers have
 * (RFC 3986, section 3.2.2, allows it).
 *
 * @param host as written; an IPv6 address in brackets
 * @param port -1 when the address names none
 */
public record Authority(String host, int port) {

    private static final Pattern FORM =
            Pattern.compile("(?:.*@)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_](?:[A-Za-z0-9._-]*))(?::(\\d{0,5}))?");

    /** @throws IllegalArgumentException when the address names no host */
    public static Authority of(URI address) {
        String text = address.getRawAuthority();
        Matcher matcher = FORM.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the address names no host");
        }
        String digits = matcher.group(2);
        return new Authority(matcher.group(1), digits == null || digits.isEmpty() ? -1 : Integer.parseInt(digits));
    }

    /** @return false when the address names no host */
    public static boolean isIn(URI address) {
        String text = address.getRawAuthority();
        return text != null && FORM.matcher(text).matches();
    }

    /** As it stands in an address and in the header {@code Host}. */
    @Override
    public String toString() {
        return port < 0 ? host : host + ":" + port;
    }
}
