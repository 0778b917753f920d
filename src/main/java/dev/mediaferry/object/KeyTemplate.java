package dev.mediaferry.object;

import dev.mediaferry.content.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How object keys are made, like {@code {folder}/{id}/{timestamp}-{random}.{ext}}. A key is fixed before the first byte
 * moves, but for what only the bytes can tell: {@code {ext}} and {@code {sha256}} stay in it until they are known.
 *
 * <p>With {@code {random}} every transfer has an object of its own; with {@code {sha256}} instead, equal bytes share one.
 */
public record KeyTemplate(String template) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern HASH = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");
    private static final List<String> KNOWN =
            List.of("folder", "table", "column", "id", "timestamp", "random", "sha256", "ext");

    /** S3's limit is 1,024 bytes for a key; an id keeps clear of it. */
    private static final int MAX_ID_LENGTH = 200;

    /** What stays of an id that is longer; with its hash behind, it is longer than every id that is written in full. */
    private static final int HEAD_OF_LONG_ID = 173;

    private static final int HASH_LENGTH = 32;

    /** @throws IllegalArgumentException saying what is wrong with the template */
    public KeyTemplate {
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            if (!KNOWN.contains(matcher.group(1))) {
                throw new IllegalArgumentException("'" + template + "' has an unknown placeholder " + matcher.group()
                        + "; known are {" + String.join("}, {", KNOWN) + "}");
            }
        }
        if (!template.contains("{random}") && !template.contains("{sha256}")) {
            throw new IllegalArgumentException(
                    "'" + template + "' needs {random} or {sha256}, else two media could claim one key");
        }
        int ext = template.indexOf("{ext}");
        if (!template.contains("{sha256}") && ext >= 0 && ext < template.indexOf("{random}")) {
            throw new IllegalArgumentException("'" + template + "' needs {random} before {ext}");
        }
        String literal = matcher.replaceAll("");
        if (!literal.matches("[A-Za-z0-9._/-]*") || template.startsWith("/") || literal.contains("..")) {
            throw new IllegalArgumentException(
                    "'" + template + "' may have only letters, digits and . _ - / between its placeholders");
        }
    }

    /** True when equal bytes get the same key, so that an object may belong to several transfers. */
    public boolean shared() {
        return isShared(template);
    }

    /** True when nobody else makes the same key. */
    public boolean random() {
        return template.contains("{random}");
    }

    /** True for a key made by a template with {@code {sha256}} whose bytes are not known yet. */
    public static boolean isShared(String key) {
        return key.contains("{sha256}");
    }

    /** True while some part of the key still depends on the bytes. */
    public static boolean isOpen(String key) {
        return key.indexOf('{') >= 0;
    }

    /** @return the key of one transfer, with {@code {ext}} and {@code {sha256}} still open */
    public String key(String folder, String table, String column, String id, Instant now, String random) {
        StringBuilder key = new StringBuilder(template.length() + id.length() + 32);
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            key.append(template, from, open);
            from = template.indexOf('}', open) + 1;
            String placeholder = template.substring(open, from);
            switch (placeholder) {
                case "{folder}" -> key.append(folder);
                case "{table}" -> key.append(safe(table));
                case "{column}" -> key.append(safe(column));
                case "{id}" -> key.append(safe(id));
                case "{timestamp}" -> key.append(now.toEpochMilli());
                case "{random}" -> key.append(random);
                default -> key.append(placeholder);
            }
        }
        return key.append(template, from, template.length()).toString();
    }

    /** @return what the keys of all rows of a column begin with; empty when they have nothing in common */
    public String commonPrefix(String folder, String table, String column) {
        String head = template.replaceFirst("\\{(?:id|timestamp|random|sha256|ext)}.*", "");
        return head.replace("{folder}", folder).replace("{table}", safe(table)).replace("{column}", safe(column));
    }

    /** @return the key of a template with {@code {sha256}} as it was before a hash was put in */
    public static String reopened(String key) {
        return HASH.matcher(key).replaceAll("{sha256}");
    }

    /** Closes what only the bytes could tell. */
    public static String complete(String key, String extension, String sha256) {
        return key.replace("{ext}", extension).replace("{sha256}", sha256);
    }

    /** @return the part before the first open placeholder: every object that this key can become starts with it */
    public static String prefix(String key) {
        int open = key.indexOf('{');
        return open < 0 ? key : key.substring(0, open);
    }

    /**
     * Ids are data: whatever is no letter, digit, dot, dash or underscore is written as _XX, byte by byte. Of one that would get
     * too long its head stays, and a hash of all of it, so that those which differ only behind the head differ here, too.
     */
    public static String safe(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        int head = 0;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (out.length() >= MAX_ID_LENGTH) {
                return out.substring(0, head) + "-" + Digests.sha256(bytes).substring(0, HASH_LENGTH);
            }
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            boolean inner = (c == '.' || c == '_') && out.length() > 0;
            if (plain || inner) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "_%02X", (int) c));
            }
            head = out.length() <= HEAD_OF_LONG_ID ? out.length() : head;
        }
        return out.toString();
    }
}
