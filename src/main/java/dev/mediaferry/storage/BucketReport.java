package dev.mediaferry.storage;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * How a bucket stands after it was looked at or set up.
 *
 * @param where the store's address
 */
public record BucketReport(String bucket, String where, List<Step> steps) {

    /** What became of one property. The names, in lower case with dashes, are part of the command's output. */
    public enum Outcome {
        CREATED,
        SET,
        /** As it was wanted already. */
        PRESENT,
        /** Not set up, and nobody asked for it now. */
        ABSENT,
        /** The store has no such thing. */
        NOT_OFFERED,
        FAILED;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One property of the bucket. */
    public record Step(String what, String outcome, String detail) {

        static Step of(String what, Outcome outcome, String detail) {
            return new Step(what, outcome.label(), detail);
        }
    }

    public BucketReport {
        steps = List.copyOf(steps);
    }

    @JsonProperty
    public boolean failed() {
        return steps.stream().anyMatch(step -> step.outcome().equals(Outcome.FAILED.label()));
    }
}
