package dev.mediaferry.verify;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.storage.Buckets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Compares database, ledger and bucket, for all who ask. Changes nothing, but for what objects say of themselves when it is asked
 * to claim them.
 */
public final class Verifications {

    private final Database database;
    private final Buckets buckets;
    private final Entries entries;
    private final MediaPlaces media;
    private final Path home;
    private final Function<Verification, VerifyReport> route;

    /**
     * @param entries all of the registry
     * @param media where uploads go
     * @param home where the position is kept
     * @param route leads through the routes of the capability
     */
    public Verifications(
            Database database,
            Buckets buckets,
            Entries entries,
            MediaPlaces media,
            Path home,
            Function<Verification, VerifyReport> route) {
        this.database = database;
        this.buckets = buckets;
        this.entries = entries;
        this.media = media;
        this.home = home;
        this.route = route;
    }

    /** Shows nothing meanwhile. */
    public VerifyReport run(VerifyOptions options) {
        return run(options, finding -> {}, objects -> {});
    }

    /**
     * @param line receives each finding at once
     * @param progress receives how many objects have been compared
     * @throws ServiceUnreachableException when database or store went away; asked to resume, it goes on from there
     * @throws ConfigurationException when nothing was interrupted that could be gone on with
     */
    public VerifyReport run(VerifyOptions options, Consumer<Finding> line, Consumer<Long> progress) {
        try (Verification verification =
                new Verification(options, database, buckets, entries, media, home, line, progress)) {
            return route.apply(verification);
        }
    }
}
