package dev.mediaferry.deadletter;

import java.util.List;

/** A transfer of which it is still to be found out whether it is stale. */
public final class FoundHistory {

    private final History history;
    private final List<StaleSearch> searches;

    /** @param searches one, or none when the registry no longer has the field */
    FoundHistory(History history, List<StaleSearch> searches) {
        this.history = history;
        this.searches = searches;
    }

    public List<StaleSearch> searches() {
        return searches;
    }

    /** @return the history, after the search */
    public History history() {
        return searches.isEmpty() ? history : history.stale(searches.get(0).isStale(history.id()));
    }
}
