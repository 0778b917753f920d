package dev.mediaferry.uploads;

import dev.mediaferry.entry.OwnerTable;
import dev.mediaferry.registry.UploadType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** One sweep over the media, on its way through the routes. */
public final class MediaSweep {

    /** A request counts from its beginning, however long its bytes take. */
    private static final Duration SLOWEST_REQUEST = Duration.ofHours(1);

    /** Uploads that are looked for at once. */
    private static final int MOST_LOOKED_FOR = 1000;

    private final List<UploadType> types;
    private final List<OwnerTable> owners;
    private final Duration expiry;
    private final EventMemory memory;
    private final boolean dryRun;
    private final boolean asked;
    private final List<SweepFinding> findings = new ArrayList<>();
    private final List<ColdMedium> cold = new ArrayList<>();
    private boolean unfinished = true;
    private long kept;
    private long failures;

    /**
     * @param expiry of what is signed for clients
     * @param asked true to look for every upload, whether its turn has come or not
     */
    MediaSweep(
            List<UploadType> types,
            List<OwnerTable> owners,
            Duration expiry,
            EventMemory memory,
            boolean dryRun,
            boolean asked) {
        this.memory = memory;
        this.expiry = expiry;
        this.types = List.copyOf(types);
        this.owners = List.copyOf(owners);
        this.dryRun = dryRun;
        this.asked = asked;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /** A search in each table whose rows have media. */
    public List<OwnerSearch> searches() {
        return owners.stream().map(owner -> new OwnerSearch(this, owner)).toList();
    }

    /** @return parameters of {@code media-unreported.sql} */
    public Map<String, Object> unreported() {
        return Map.of("dryRun", dryRun, "all", asked, "most", MOST_LOOKED_FOR);
    }

    /** @return parameters of {@code media-sweep-candidates.sql} */
    public Map<String, Object> candidates() {
        List<UploadType> swept = types.stream().filter(UploadType::expectsOwner).toList();
        return Map.of(
                "dryRun",
                dryRun,
                "validSeconds",
                validSeconds(),
                "types",
                swept.stream().map(UploadType::name).toArray(String[]::new),
                "seconds",
                swept.stream()
                        .mapToLong(type -> type.unattachedAfter().orElseThrow().toSeconds())
                        .toArray(),
                "replaced",
                types.stream()
                        .filter(UploadType::replacedByUser)
                        .map(UploadType::name)
                        .toArray(String[]::new));
    }

    /** @return parameters of {@code media-incoming.sql} */
    public Map<String, Object> signatures() {
        return Map.of("validSeconds", validSeconds());
    }

    private long validSeconds() {
        return expiry.plus(SLOWEST_REQUEST).toSeconds();
    }

    /** @return parameters of {@code media-forget-events.sql} */
    public Map<String, Object> memory() {
        return Map.of(
                "eventSeconds", memory.events().toSeconds(),
                "deliveredSeconds", memory.delivered().toSeconds());
    }

    /** @return parameters of {@code media-sweep-delete.sql} */
    public Map<String, Object> deletions() {
        return Map.of(
                "ids",
                findings.stream()
                        .filter(finding -> finding.action().equals("delete"))
                        .map(finding -> finding.id().toString())
                        .toArray(String[]::new));
    }

    /** Adds what is to be done. A dry run finds what it would have completed as expired once more: that is left out. */
    synchronized void found(List<SweepFinding> found) {
        Set<UUID> completed = findings.stream()
                .filter(finding -> finding.action().equals(SweepFinding.COMPLETE))
                .map(SweepFinding::id)
                .collect(Collectors.toSet());
        found.stream().filter(finding -> !completed.contains(finding.id())).forEach(findings::add);
    }

    /** Media whose objects go to another storage class. */
    public List<ColdMedium> cold() {
        return List.copyOf(cold);
    }

    void addCold(List<ColdMedium> found) {
        cold.addAll(found);
        found.forEach(medium -> findings.add(medium.finding()));
    }

    /** True when there is another page of objects to remove, and the store has removed all so far. */
    public boolean isUnfinished() {
        return unfinished && failures == 0;
    }

    /** @param more true when what is being removed may not be all */
    void goesOn(boolean more) {
        unfinished = more;
    }

    void kept(long objects) {
        kept += objects;
    }

    void failed(long objects) {
        failures += objects;
    }

    SweepReport report() {
        return new SweepReport(dryRun, List.copyOf(findings), kept, failures);
    }
}
