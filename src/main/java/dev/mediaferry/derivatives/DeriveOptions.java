package dev.mediaferry.derivatives;

import java.util.Optional;
import java.util.UUID;

/**
 * What somebody wants to be made.
 *
 * @param medium only of this one
 * @param entry only of the objects of this entry, or type of uploads
 * @param mode which of them
 * @param force true to make new versions of what is there, too
 * @param dryRun true to count only
 */
public record DeriveOptions(Optional<UUID> medium, Optional<String> entry, Mode mode, boolean force, boolean dryRun) {

    /** Which jobs are asked for. */
    public enum Mode {
        /** Those that were never asked for, or that lack something that the registry wants. */
        MISSING,
        /** Those that were given up. */
        FAILED,
        ALL
    }
}
