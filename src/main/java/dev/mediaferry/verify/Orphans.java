package dev.mediaferry.verify;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.verify.OrphanReport.Orphan;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Finds the objects under our folders that no ledger row owns, and has those removed that carry our ledger's id. */
public final class Orphans {

    private final Database database;
    private final Buckets buckets;
    private final Entries entries;
    private final MediaPlaces media;
    private final boolean deleteShared;
    private final Path home;
    private final Runnable sweep;

    /**
     * @param entries all of the registry
     * @param media where uploads go
     * @param deleteShared true when no other ledger writes to the buckets
     * @param home where the position is kept
     * @param sweep removes what the ledger has for it
     */
    public Orphans(
            Database database,
            Buckets buckets,
            Entries entries,
            MediaPlaces media,
            boolean deleteShared,
            Path home,
            Runnable sweep) {
        this.database = database;
        this.buckets = buckets;
        this.entries = entries;
        this.media = media;
        this.deleteShared = deleteShared;
        this.home = home;
        this.sweep = sweep;
    }

    /**
     * @param line receives each orphan at once
     * @throws ConfigurationException when a key template does not tell our objects from others, or nothing was interrupted that could
     *     be gone on with
     */
    public OrphanReport run(OrphanOptions options, Consumer<Orphan> line) {
        try (OrphanSearch search =
                new OrphanSearch(options, database, buckets, entries, media, deleteShared, home, sweep, line)) {
            return search.find();
        }
    }
}
