package dev.mediaferry.reference;

import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names and texts as parts of a statement. */
final class Sql {

    private Sql() {}

    static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** @return of a quoted name with its schema, the schema */
    static String first(String quoted) {
        int end = 1;
        while (quoted.charAt(end) != '"' || quoted.charAt(end + 1) == '"') {
            end += quoted.charAt(end) == '"' ? 2 : 1;
        }
        return quoted.substring(0, end + 1);
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** @return a pattern, as SQL, of a name that is a word in the text of a statement; names without quotes have any case */
    static String word(String name) {
        return "('(^|[^[:alnum:]_])' || regexp_replace(" + name
                + ", '([].*+?^$(){}|[\\\\])', '\\\\\\1', 'g') || '([^[:alnum:]_]|$)')";
    }

    /** @return what each part becomes, one after the other, with a word between them */
    static <T> String each(Collection<T> parts, String between, Function<T, String> form) {
        return parts.stream().map(form).collect(Collectors.joining(between));
    }
}
