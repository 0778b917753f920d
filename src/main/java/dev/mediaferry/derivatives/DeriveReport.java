package dev.mediaferry.derivatives;

/**
 * What became of the jobs that were asked for.
 *
 * @param asked how many
 * @param failed that were given up
 * @param later that have failed and are tried again later
 */
public record DeriveReport(long asked, long done, long failed, long later, boolean dryRun) {

    public boolean isOver() {
        return done + failed + later >= asked;
    }
}
