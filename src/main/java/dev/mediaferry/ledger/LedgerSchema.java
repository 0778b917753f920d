package dev.mediaferry.ledger;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The schema that the ledger is in. All statements call it {@value #USUAL}; where it has another name, {@link #in} puts that in
 * the place of this.
 *
 * @param name of letters that need no quotes
 */
public record LedgerSchema(String name) {

    static final String USUAL = "mediaferry";

    /** First of the two numbers of an advisory lock, for the usual schema. */
    private static final int USUAL_LOCKS = 0x6d66;

    /** https://www.postgresql.org/docs/current/limits.html */
    private static final String NAME = "[a-z_][a-z0-9_]{0,62}";

    public LedgerSchema {
        if (!name.matches(NAME)
                || name.startsWith("pg_")
                || name.equals("public")
                || name.equals("information_schema")) {
            throw new ConfigurationException(
                    "mediaferry.ledger.schema is '" + name
                            + "', but must be a schema of the ledger's own: up to 63 small letters, digits and _, no digit first");
        }
    }

    public static LedgerSchema of(Settings settings) {
        return new LedgerSchema(settings.text("ledger.schema"));
    }

    boolean isUsual() {
        return name.equals(USUAL);
    }

    /** @return the first number of the advisory locks of its workers, another one for each schema */
    public int lockSpace() {
        if (isUsual()) {
            return USUAL_LOCKS;
        }
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) sum.getValue() & Integer.MAX_VALUE;
    }

    /**
     * @param sql in which the ledger's tables are written {@code mediaferry.NAME}
     * @return the same with this schema; quoted names, texts and comments are left as they are
     */
    String in(String sql) {
        if (isUsual()) {
            return sql;
        }
        StringBuilder text = new StringBuilder(sql.length());
        int at = 0;
        while (at < sql.length()) {
            int end = end(sql, at);
            boolean schema = end - at == USUAL.length()
                    && sql.startsWith(USUAL, at)
                    && end < sql.length()
                    && sql.charAt(end) == '.'
                    && (at == 0 || sql.charAt(at - 1) != '.');
            text.append(schema ? name : sql.substring(at, end));
            at = end;
        }
        return text.toString();
    }

    /** @return where the word, text, name or comment ends that begins at a place; the next place for anything else */
    private static int end(String sql, int at) {
        char first = sql.charAt(at);
        if (first == '\'' || first == '"') {
            return quoted(sql, at, false);
        }
        if (sql.startsWith("--", at)) {
            return after(sql, "\n", at);
        }
        if (sql.startsWith("/*", at)) {
            return after(sql, "*/", at);
        }
        if (!isWord(first)) {
            return at + 1;
        }
        int end = at;
        while (end < sql.length() && isWord(sql.charAt(end))) {
            end++;
        }
        boolean escapes = end == at + 1 && (first == 'E' || first == 'e') && sql.startsWith("'", end);
        return escapes ? quoted(sql, end, true) : end;
    }

    /** A quote that is doubled ends one text and begins another, which comes to the same. */
    private static int quoted(String sql, int at, boolean escapes) {
        int end = at + 1;
        while (end < sql.length() && sql.charAt(end) != sql.charAt(at)) {
            end += escapes && sql.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(sql.length(), end + 1);
    }

    private static int after(String sql, String mark, int at) {
        int found = sql.indexOf(mark, at);
        return found < 0 ? sql.length() : found + mark.length();
    }

    private static boolean isWord(char letter) {
        return Character.isLetterOrDigit(letter) || letter == '_' || letter == '$';
    }
}
