package dev.mediaferry.registry;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the keys of archived files are made, like {@code cache/{YYYY}/{MM}/{md5}.{ext}}. Equal bytes of one month share an
 * object. {@code {ext}} stays in a key until the bytes tell it.
 */
public record ArchiveKey(String template) {

    static final String DEFAULT = "cache/{YYYY}/{MM}/{md5}.{ext}";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> KNOWN = List.of("YYYY", "MM", "DD", "md5", "ext");

    /** @throws IllegalArgumentException saying what is wrong with the template */
    public ArchiveKey {
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            if (!KNOWN.contains(matcher.group(1))) {
                throw new IllegalArgumentException("'" + template + "' has an unknown placeholder " + matcher.group()
                        + "; known are {" + String.join("}, {", KNOWN) + "}");
            }
        }
        int md5 = template.indexOf("{md5}");
        if (md5 < 0) {
            throw new IllegalArgumentException("'" + template + "' needs {md5}, else two files could claim one key");
        }
        int ext = template.indexOf("{ext}");
        if (ext >= 0 && ext < md5) {
            throw new IllegalArgumentException("'" + template + "' needs {md5} before {ext}");
        }
        String literal = matcher.replaceAll("");
        if (!literal.matches("[A-Za-z0-9._/-]*") || template.startsWith("/") || literal.contains("..")) {
            throw new IllegalArgumentException(
                    "'" + template + "' may have only letters, digits and . _ - / between its placeholders");
        }
    }

    /** True when the rows need a date. */
    public boolean dated() {
        return template.contains("{YYYY}") || template.contains("{MM}") || template.contains("{DD}");
    }

    /**
     * @param date of the row, {@code YYYY-MM-DD}; null for none, which is written in zeros
     * @param md5 32 hexadecimal digits
     */
    public String key(String date, String md5) {
        String day = date == null ? "0000-00-00" : date;
        return template.replace("{YYYY}", day.substring(0, 4))
                .replace("{MM}", day.substring(5, 7))
                .replace("{DD}", day.substring(8, 10))
                .replace("{md5}", md5);
    }

    /** @return what all keys begin with */
    public String commonPrefix() {
        return template.substring(0, template.indexOf('{'));
    }
}
