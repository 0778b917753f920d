package dev.mediaferry.uploads;

import dev.mediaferry.entry.OwnerTable;
import dev.mediaferry.registry.UploadType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One sweep over the media, on its way through the routes. */
public final class MediaSweep {

    private final List<UploadType> types;
    private final List<OwnerTable> owners;
    private final boolean dryRun;
    private final List<SweepFinding> findings = new ArrayList<>();
    private long kept;
    private long failures;

    MediaSweep(List<UploadType> types, List<OwnerTable> owners, boolean dryRun) {
        this.types = List.copyOf(types);
        this.owners = List.copyOf(owners);
        this.dryRun = dryRun;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /** A search in each table whose rows have media. */
    public List<OwnerSearch> searches() {
        return owners.stream().map(owner -> new OwnerSearch(this, owner)).toList();
    }

    /** @return parameters of {@code media-sweep-candidates.sql} */
    public Map<String, Object> candidates() {
        List<UploadType> swept = types.stream().filter(UploadType::expectsOwner).toList();
        return Map.of(
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

    /** @return parameters of {@code media-sweep-delete.sql} */
    public Map<String, Object> deletions() {
        return Map.of(
                "ids",
                findings.stream()
                        .filter(finding -> finding.action().equals("delete"))
                        .map(finding -> finding.id().toString())
                        .toArray(String[]::new));
    }

    void found(List<SweepFinding> found) {
        findings.addAll(found);
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
