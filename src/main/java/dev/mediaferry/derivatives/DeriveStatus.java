package dev.mediaferry.derivatives;

import java.util.List;

/** How jobs and derivatives stand. */
public record DeriveStatus(List<Jobs> jobs, List<Derivatives> derivatives, List<Dead> dead) {

    public DeriveStatus {
        jobs = List.copyOf(jobs);
        derivatives = List.copyOf(derivatives);
        dead = List.copyOf(dead);
    }

    /** @param oldest since when the first of those that wait could be done; in ISO 8601, or null */
    public record Jobs(String kind, String state, long jobs, String oldest) {}

    /** @param message why those are not ready, or null */
    public record Derivatives(String kind, String format, String state, long derivatives, long bytes, String message) {}

    /**
     * A job that was given up.
     *
     * @param origin entry, or type of uploads
     * @param attempts each with what it met
     */
    public record Dead(
            long id,
            String origin,
            String objectKey,
            String kind,
            String part,
            String failure,
            String message,
            List<String> attempts) {

        public Dead {
            attempts = List.copyOf(attempts);
        }
    }
}
