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

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** @return what each part becomes, one after the other, with a word between them */
    static <T> String each(Collection<T> parts, String between, Function<T, String> form) {
        return parts.stream().map(form).collect(Collectors.joining(between));
    }
}
