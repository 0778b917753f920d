package dev.mediaferry.failure;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes out of a text what may let its reader in somewhere: the queries of links, which hold signatures, and user information. */
public final class Redaction {

    /** After an address, or wherever a query begins with name and value: that of a relative link, of one cut off. */
    private static final Pattern QUERY =
            Pattern.compile("((?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^\\s\"'<>\\\\?]*)\\?[^\\s\"'<>\\\\]+"
                    + "|\\?[\\w.~%\\[\\]-]+=[^\\s\"'<>\\\\]*");

    private static final Pattern USER = Pattern.compile("(://)[^\\s\"'<>\\\\/?#@]+@");

    private Redaction() {}

    /** @return null for null */
    public static String of(String text) {
        if (text == null) {
            return null;
        }
        String redacted = text;
        if (text.indexOf('?') >= 0) {
            redacted = QUERY.matcher(redacted)
                    .replaceAll(match -> Matcher.quoteReplacement(Objects.toString(match.group(1), "") + "?…"));
        }
        if (text.indexOf('@') >= 0) {
            redacted = USER.matcher(redacted).replaceAll("$1…@");
        }
        return redacted;
    }
}
