package dev.mediaferry.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of one field in a run: {@code found = migrated + superseded + waiting + dead}.
 *
 * @param found rows that the run took on
 * @param skipped rows that need no moving: empty, foreign, ours, invalid; or that were to be forced and that the ledger has not
 *     moved: notMoved
 * @param left rows that the ledger holds back: dead, waiting, elsewhere (another process has them), rolledBack,
 *     discarded (by an operator), paused (their host asked us to stay away), store (it refuses everything); and files of an import
 *     that a run which was stopped had not planned yet: unplanned
 * @param waiting rows that a later run tries again
 * @param dead by kind of failure
 * @param bytes of the media moved
 * @param suspended true when the field's route was suspended, so that rows may be left
 * @param failure why the field ended before it was done, or null
 * @param hosts of the rows found, only in a dry run
 * @param nearestDeadlines of the rows found, only in a dry run
 * @param taken the first files that are left out since their keys are taken in the bucket, with these keys, only in a dry run
 *     of an archive
 */
@JsonPropertyOrder({
    "field",
    "found",
    "migrated",
    "skipped",
    "left",
    "superseded",
    "waiting",
    "dead",
    "bytes",
    "suspended",
    "failure",
    "hosts",
    "nearestDeadlines",
    "taken"
})
public record FieldReport(
        String field,
        long found,
        long migrated,
        Map<String, Long> skipped,
        Map<String, Long> left,
        long superseded,
        long waiting,
        Map<String, Long> dead,
        long bytes,
        boolean suspended,
        @JsonInclude(JsonInclude.Include.NON_NULL) String failure,
        @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Long> hosts,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<Deadline> nearestDeadlines,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> taken) {

    /** Files of an import that were not planned before the run was stopped. */
    private static final String UNPLANNED = "unplanned";

    /** @param deadline in ISO 8601 */
    public record Deadline(String id, String host, String deadline) {}

    /** @param outcomes of this field */
    static FieldReport of(FieldRun field, List<RunOutcome> outcomes) {
        long migrated = 0;
        long superseded = 0;
        long waiting = 0;
        long bytes = 0;
        Map<String, Long> dead = new TreeMap<>();
        for (RunOutcome outcome : outcomes) {
            long rows = outcome.rows();
            switch (outcome.state()) {
                case LINKED -> {
                    migrated += rows;
                    bytes += outcome.bytes();
                }
                case SUPERSEDED -> superseded += rows;
                // What the run found dead counts so in its report, also when it is discarded before the run ends.
                case DEAD, DISCARDED -> dead.merge(outcome.failure(), rows, Long::sum);
                default -> waiting += rows;
            }
        }
        return new FieldReport(
                field.name(),
                field.found(),
                migrated,
                field.census().skipped(),
                left(field),
                superseded,
                waiting,
                dead,
                bytes,
                field.suspended(),
                field.failure().orElse(null),
                null,
                null,
                List.of());
    }

    /** What a run would find. Links that are expired already would end as dead letters, all others are waiting. */
    static FieldReport planned(FieldRun field) {
        long found = field.run().takePermits((int) Math.min(Integer.MAX_VALUE, field.planned()));
        long expired = Math.min(found, field.census().expired());
        return new FieldReport(
                field.name(),
                found,
                0,
                field.census().skipped(),
                field.census().left(),
                0,
                found - expired,
                expired == 0 ? Map.of() : Map.of("expired", expired),
                0,
                field.suspended(),
                field.failure().orElse(null),
                field.census().candidatesByHost(),
                field.census().nearest().stream()
                        .map(row -> new Deadline(
                                row.id(), row.host(), row.deadline().toString()))
                        .toList(),
                field.census().taken());
    }

    /** @return files of an import that were not planned before the run was stopped */
    public long unplanned() {
        return left.getOrDefault(UNPLANNED, 0L);
    }

    /**
     * @return a sentence for a field in which there is nothing to move, and never was, although it is not empty: its links
     *     are broken, or the registry names other hosts
     */
    Optional<String> finding() {
        long invalid = skipped.getOrDefault("invalid", 0L);
        long foreign = skipped.getOrDefault("foreign", 0L);
        boolean nothing = found == 0
                && skipped.getOrDefault("ours", 0L) == 0
                && left.values().stream().allMatch(rows -> rows == 0);
        if (!nothing || invalid + foreign == 0) {
            return Optional.empty();
        }
        String what = foreign == 0
                ? "all %,d rows are invalid, no link that could be requested".formatted(invalid)
                : invalid == 0
                        ? "all %,d links are foreign, of hosts that the registry does not name".formatted(foreign)
                        : "%,d rows are invalid and %,d links foreign, so there is nothing to move"
                                .formatted(invalid, foreign);
        return Optional.of("%s: %s; list them with mediaferry status --invalid %s".formatted(field, what, field));
    }

    /** True when rows were to be expected, and none is a link: that is no success. */
    boolean allBroken() {
        return finding().isPresent() && skipped.getOrDefault("invalid", 0L) > 0;
    }

    long deadTotal() {
        return dead.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> left(FieldRun field) {
        Map<String, Long> left = field.census().left();
        if (field.postponed() > 0) {
            left.put("paused", field.postponed());
        }
        if (field.untouched() > 0) {
            left.put("store", field.untouched());
        }
        long unlisted = field.run()
                .options()
                .folder()
                .map(folder -> folder.planned(field.name()) - field.census().candidates())
                .orElse(0L);
        if (unlisted > 0) {
            left.put(UNPLANNED, unlisted);
        }
        return left;
    }
}
