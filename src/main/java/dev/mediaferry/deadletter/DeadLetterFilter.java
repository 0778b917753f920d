package dev.mediaferry.deadletter;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which dead letters: those that fit everything that is named.
 *
 * @param ids none for any
 * @param field like {@code Table.column}
 * @param kind a failure's label
 * @param host of the link, in lower case
 * @param part of them; empty for all
 */
public record DeadLetterFilter(
        List<Long> ids, Optional<String> field, Optional<String> kind, Optional<String> host, Optional<Part> part) {

    /**
     * Some of a selection that was counted before.
     *
     * @param after their numbers are greater than that
     * @param upTo and not greater than that
     * @param until they were dead by then, and have not been touched since
     */
    public record Part(long after, long upTo, Instant until) {}

    /** Every dead letter. */
    public static final DeadLetterFilter ALL =
            new DeadLetterFilter(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public DeadLetterFilter(List<Long> ids, Optional<String> field, Optional<String> kind, Optional<String> host) {
        this(ids, field, kind, host, Optional.empty());
    }

    public DeadLetterFilter {
        ids = List.copyOf(ids);
        host = host.map(name -> name.toLowerCase(Locale.ROOT));
    }

    /** True when nothing is named, so that every dead letter fits. */
    public boolean isEverything() {
        return equals(ALL);
    }

    /** @return what is named, by name, as the audit log keeps it */
    public Map<String, Object> named() {
        Map<String, Object> named = new TreeMap<>();
        kind.ifPresent(label -> named.put("kind", label));
        host.ifPresent(name -> named.put("host", name));
        field.ifPresent(entry -> named.put("entry", entry));
        if (!ids.isEmpty()) {
            named.put("letters", ids);
        }
        return named;
    }

    DeadLetterFilter of(String entry) {
        return new DeadLetterFilter(ids, Optional.of(entry), kind, host, part);
    }

    /** @return a part of these */
    public DeadLetterFilter part(Part of) {
        return new DeadLetterFilter(ids, field, kind, host, Optional.of(of));
    }
}
