package dev.mediaferry.link;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A link as a column holds it, mended where it was broken on its way there. The column's text stays what it is; only the
 * request differs.
 *
 * @param repairs what was mended: {@link #BLANKS}, {@link #HTML_ESCAPE}, {@link #NO_SCHEME}; empty for a good link
 */
public record StoredLink(Link link, List<String> repairs) {

    /** Around the link. */
    public static final String BLANKS = "blanks";

    /** Ampersands and other characters as HTML writes them: the text was cut out of a page's source. */
    public static final String HTML_ESCAPE = "html-escape";

    /** {@code //host/path}, which in a page means the page's own scheme. */
    public static final String NO_SCHEME = "no-scheme";

    /** {@code %253A} for {@code %3A}: encoded once too often. May be meant, so it is only tried after a refusal. */
    public static final String DOUBLE_ENCODING = "double-encoding";

    /** {@code http} where only {@code https} answers. */
    public static final String HTTPS = "https";

    private static final Pattern TWICE_ENCODED = Pattern.compile("%25([0-9A-Fa-f]{2})");

    public StoredLink {
        repairs = List.copyOf(repairs);
    }

    /** @throws InvalidLinkException for a text that cannot be mended either */
    public static StoredLink parse(String text) throws InvalidLinkException {
        if (isClean(text)) {
            return new StoredLink(Link.parse(text), List.of());
        }
        List<String> repairs = new ArrayList<>();
        String decoded = CharacterReferences.decode(text);
        String mended = trim(decoded);
        if (mended.length() < decoded.length()) {
            repairs.add(BLANKS);
        }
        if (mended.startsWith("//")) {
            mended = "https:" + mended;
            repairs.add(NO_SCHEME);
        }
        if (!decoded.equals(text)) {
            repairs.add(HTML_ESCAPE);
        }
        return new StoredLink(Link.parse(mended), repairs);
    }

    /**
     * @param link in the form of {@link Link#uri}
     * @return the link decoded once, when it looks as if it were encoded twice
     */
    public static Optional<URI> decodedOnce(URI link) {
        String text = link.toString();
        return text.contains("%25") ? mended(text, TWICE_ENCODED.matcher(text).replaceAll("%$1")) : Optional.empty();
    }

    /**
     * @param link in the form of {@link Link#uri}
     * @return the same link over TLS, when it asks for plain HTTP on its usual port
     */
    public static Optional<URI> overTls(URI link) {
        String text = link.toString();
        boolean plain = text.startsWith("http:") && Authority.of(link).port() < 0;
        return plain ? mended(text, "https" + text.substring("http".length())) : Optional.empty();
    }

    private static Optional<URI> mended(String text, String mended) {
        try {
            return mended.equals(text)
                    ? Optional.empty()
                    : Optional.of(Link.parse(mended).uri());
        } catch (InvalidLinkException e) {
            return Optional.empty();
        }
    }

    private static boolean isClean(String text) {
        return !text.isEmpty()
                && !isBlank(text.charAt(0))
                && !isBlank(text.charAt(text.length() - 1))
                && text.charAt(0) != '/'
                && !CharacterReferences.isIn(text);
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Also the blanks that pages are full of: no-break and zero-width spaces, byte order marks. */
    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || c == '\u00a0' || c == '\u200b' || c == '\ufeff';
    }
}
