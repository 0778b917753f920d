package dev.mediaferry.link;

import java.nio.charset.Charset;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes what a link has of HTML when it was cut out of a page's source: numeric character references, as HTML reads
 * them (https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state), and the ampersand's
 * name. Other names stay, since a query may mean them.
 */
final class CharacterReferences {

    private static final Pattern REFERENCE =
            Pattern.compile("&(?:amp;|AMP;|#(?:[xX]([0-9a-fA-F]{1,8});|([0-9]{1,10});))");

    /** HTML takes the numbers of C1 controls for what they are in this encoding. */
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private CharacterReferences() {}

    static boolean isIn(String text) {
        return text.indexOf('&') >= 0 && REFERENCE.matcher(text).find();
    }

    /** Escaping again and again puts one reference into another: decoded until none is left. */
    static String decode(String text) {
        String decoded = text;
        for (Matcher matcher = REFERENCE.matcher(decoded); matcher.find(); matcher = REFERENCE.matcher(decoded)) {
            String next = matcher.replaceAll(match -> Matcher.quoteReplacement(character(match)));
            if (next.equals(decoded)) {
                return decoded;
            }
            decoded = next;
        }
        return decoded;
    }

    /** @return the reference itself where it stands for no character */
    private static String character(MatchResult match) {
        if (match.group(1) == null && match.group(2) == null) {
            return "&";
        }
        long code = match.group(1) == null ? Long.parseLong(match.group(2)) : Long.parseLong(match.group(1), 16);
        boolean none = code == 0 || code > Character.MAX_CODE_POINT || (code >= 0xd800 && code <= 0xdfff);
        if (none) {
            return match.group();
        }
        return code >= 0x80 && code <= 0x9f
                ? new String(new byte[] {(byte) code}, WINDOWS)
                : Character.toString((int) code);
    }
}
