package dev.mediaferry.uploads;

import dev.mediaferry.entry.OwnerTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One table that is asked which of the rows that have media are gone. */
public final class OwnerSearch {

    private final MediaSweep sweep;
    private final OwnerTable owner;
    private final List<UUID> gone = new ArrayList<>();

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
                gone.stream().map(UUID::toString).toArray(String[]::new));
    }

    /** True when something is to be detached. */
    public boolean isDetaching() {
        return !sweep.isDryRun() && !gone.isEmpty();
    }

    void found(List<SweepFinding> found) {
        found.forEach(finding -> gone.add(finding.id()));
        sweep.found(found);
    }
}
