package dev.mediaferry.deadletter;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Letters of which it is still to be found out whether they are stale. */
public final class FoundLetters {

    private final long total;
    private final List<DeadLetter> letters;
    private final Map<String, StaleSearch> searches;

    /** @param searches by field; a field that the registry no longer has is not among them */
    FoundLetters(long total, List<DeadLetter> letters, Map<String, StaleSearch> searches) {
        this.total = total;
        this.letters = letters;
        this.searches = searches;
    }

    /** One for each field. */
    public Collection<StaleSearch> searches() {
        return searches.values();
    }

    /** @return the letters, after the searches */
    public DeadLetterPage page() {
        return new DeadLetterPage(
                total,
                letters.stream()
                        .map(letter -> letter.stale(stale(letter.field(), letter.id())))
                        .toList());
    }

    private Boolean stale(String field, long id) {
        return searches.containsKey(field) ? searches.get(field).isStale(id) : null;
    }
}
