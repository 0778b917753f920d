package dev.mediaferry.uploads;

import dev.mediaferry.entry.OwnerTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One table that is asked which of the rows that have media are gone. */
public final class OwnerSearch {

    private final MediaSweep sweep;
    private final OwnerTable owner;
    private final List<GoneOwner> gone = new ArrayList<>();

    OwnerSearch(MediaSweep sweep, OwnerTable owner) {
        this.sweep = sweep;
        this.owner = owner;
    }

    public String sql() {
        return owner.goneSql();
    }

    /** @return parameters of the search, and of {@code detach-gone.sql} */
    public Map<String, Object> parameters() {
        return Map.of(
                "ownerType",
                owner.ownerType(),
                "ids",
                gone.stream().map(one -> one.id().toString()).toArray(String[]::new),
                "ownerIds",
                gone.stream().map(GoneOwner::ownerId).toArray(String[]::new));
    }

    /** True when something is to be detached. */
    public boolean isDetaching() {
        return !sweep.isDryRun() && !gone.isEmpty();
    }

    void found(List<GoneOwner> found) {
        gone.addAll(found);
        sweep.found(found.stream().map(GoneOwner::finding).toList());
    }
}
