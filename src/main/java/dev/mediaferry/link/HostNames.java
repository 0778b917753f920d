package dev.mediaferry.link;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one spelling of a host, as browsers find it (UTS 46, non-transitional): links and patterns are compared in it.
 * Characters that are younger than Unicode 3.2 are refused, since Java knows no rules for them.
 */
final class HostNames {

    /** Dots, as IDNA reads them. */
    private static final Pattern DOTS = Pattern.compile("[.\u3002\uff0e\uff61]");

    private static final String PREFIX = "xn--";

    // Punycode's numbers, RFC 3492, section 5.
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int FIRST_BIAS = 72;
    private static final int FIRST_CODE = 128;

    private HostNames() {}

    /** @throws IllegalArgumentException for a name that IDNA does not allow */
    static String toAscii(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return isAscii(lower)
                ? lower
                : Arrays.stream(DOTS.split(lower, -1)).map(HostNames::label).collect(Collectors.joining("."));
    }

    /** @return an IPv6 address in brackets in its one long form, anything else as it is */
    static String unabridged(String host) {
        if (!host.startsWith("[")) {
            return host;
        }
        try {
            return "[" + InetAddress.getByName(host).getHostAddress() + "]";
        } catch (UnknownHostException e) {
            return host;
        }
    }

    private static String label(String label) {
        if (isAscii(label)) {
            return label;
        }
        // Java follows IDNA 2003, which makes ss of the sharp s and drops joiners: names of other owners today.
        if (label.indexOf('\u200c') >= 0 || label.indexOf('\u200d') >= 0) {
            throw new IllegalArgumentException("a joiner in " + label);
        }
        String composed = Normalizer.normalize(label, Normalizer.Form.NFKC);
        if (composed.indexOf('\u00df') < 0 && composed.indexOf('\u03c2') < 0) {
            return IDN.toASCII(label, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        }
        // The rules are asked all the same, with letters that they treat alike.
        IDN.toASCII(composed.replace('\u00df', 's').replace('\u03c2', '\u03c3'), IDN.USE_STD3_ASCII_RULES);
        return PREFIX + punycode(composed.codePoints().toArray());
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static String punycode(int[] input) {
        StringBuilder out = new StringBuilder();
        Arrays.stream(input).filter(c -> c < FIRST_CODE).forEach(out::appendCodePoint);
        int basic = out.length();
        int done = basic;
        if (basic > 0) {
            out.append('-');
        }
        int code = FIRST_CODE;
        int delta = 0;
        int bias = FIRST_BIAS;
        while (done < input.length) {
            int current = code;
            int next = Arrays.stream(input).filter(c -> c >= current).min().orElseThrow();
            delta = Math.addExact(delta, Math.multiplyExact(next - code, done + 1));
            code = next;
            for (int c : input) {
                if (c < code) {
                    delta++;
                } else if (c == code) {
                    append(out, delta, bias);
                    bias = adapt(delta, done + 1, done == basic);
                    delta = 0;
                    done++;
                }
            }
            delta++;
            code++;
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int delta, int bias) {
        int rest = delta;
        for (int k = BASE; ; k += BASE) {
            int threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
            if (rest < threshold) {
                out.append(digit(rest));
                return;
            }
            out.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
            rest = (rest - threshold) / (BASE - threshold);
        }
    }

    /** Letters stand for the low numbers, unlike elsewhere. */
    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapt(int delta, int points, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
