package dev.mediaferry.console;

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

    /** @return the one value, unless there is none, it is blank, or there are several */
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

    private static Optional<String> one(Map<String, List<String>> values, String name) {
        List<String> given = values.getOrDefault(name, List.of());
        return given.size() == 1
                ? Optional.of(given.get(0).strip()).filter(value -> !value.isEmpty())
                : Optional.empty();
    }
}
