package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a page is asked for. All of it is hostile until it was checked.
 *
 * @param path parts of the path that the page's address names
 * @param query of the address
 * @param form of what was sent; empty for a page that is only looked at
 * @param range header of that name, or null
 */
record Asked(
        Map<String, String> path,
        Map<String, List<String>> query,
        Map<String, List<String>> form,
        String range,
        Visitor visitor) {

    private static final int LONGEST_NUMBER = 18;
    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    /**
     * @return the one value, unless there is none, or it is blank
     * @throws ConfigurationException when there are several, or no text of the database could be like it
     */
    Optional<String> query(String name) {
        return one(query, name);
    }

    Optional<String> form(String name) {
        return one(form, name);
    }

    List<String> all(String name) {
        return form.getOrDefault(name, List.of());
    }

    /** @return a number of the ledger in the path; empty for what is none */
    Optional<Long> id() {
        return number(path.get("id"));
    }

    static Optional<Long> number(String text) {
        return text != null
                        && !text.isEmpty()
                        && text.length() <= LONGEST_NUMBER
                        && text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Optional.of(Long.valueOf(text))
                : Optional.empty();
    }

    /** @return a time that the database knows, too; empty for what is none */
    static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text)).filter(at -> !at.isBefore(Instant.EPOCH) && at.isBefore(LAST));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static String text(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new ConfigurationException(name + " has a character that no text in the database has");
        }
        return value;
    }

    private static Optional<String> one(Map<String, List<String>> values, String name) {
        List<String> given = values.getOrDefault(name, List.of());
        // Of several, to take none would widen what is meant.
        if (given.size() > 1) {
            throw new ConfigurationException(name + " is given more than once");
        }
        return given.stream()
                .map(value -> text(name, value).strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
