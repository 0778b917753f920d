package dev.mediaferry.uploads;

import dev.mediaferry.entry.OwnerTable;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.removal.RemovalPage;
import dev.mediaferry.removal.Removals;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.Removal;
import dev.mediaferry.storage.Removal.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes call to have media swept. */
public final class MediaSweeps {

    private static final Logger LOG = LoggerFactory.getLogger(MediaSweeps.class);

    /** Tombstones of a bucket that {@code media-tombstones.sql} gives at once. */
    private static final int PAGE = 1000;

    private final List<UploadType> types;
    private final List<OwnerTable> owners;
    private final Removals removals;
    private final IncomingObjects objects;
    private final Duration expiry;
    private final EventMemory memory;
    private final UploadObserver observer;

    /** @param expiry of what is signed for clients */
    public MediaSweeps(
            List<UploadType> types,
            List<OwnerTable> owners,
            Removals removals,
            IncomingObjects objects,
            Duration expiry,
            EventMemory memory,
            UploadObserver observer) {
        this.observer = observer;
        this.expiry = expiry;
        this.memory = memory;
        this.types = List.copyOf(types);
        this.owners = List.copyOf(owners);
        this.removals = removals;
        this.objects = objects;
    }

    /** A sweep that comes again and again. */
    public MediaSweep begin() {
        return new MediaSweep(types, owners, expiry, memory, false, false);
    }

    /**
     * A sweep that somebody asks for.
     *
     * @param dryRun true to name what a sweep would do, and do nothing
     */
    public MediaSweep begin(boolean dryRun) {
        return new MediaSweep(types, owners, expiry, memory, dryRun, true);
    }

    public void found(MediaSweep sweep, List<SweepFinding> found) {
        sweep.found(found);
    }

    /** These took too long. */
    public void expired(List<FailedMedium> failed) {
        failed.forEach(observer::failed);
    }

    public void gone(OwnerSearch search, List<GoneOwner> found) {
        search.found(found);
    }

    /** Removes what arrived for a medium; what is not ours stays where it is. */
    public void removeIncoming(IncomingObject incoming) {
        if (incoming.uploadId() != null && objects.isOurs(incoming.object())) {
            objects.abort(incoming.object(), incoming.uploadId());
        }
        if (incoming.copyId() != null && objects.isOurs(incoming.object())) {
            objects.abort(incoming.copy(), incoming.copyId());
        }
        Outcome outcome = objects.remove(incoming.object());
        if (outcome.kept()) {
            LOG.warn("{} is kept: {}", incoming.incomingKey(), outcome.reason());
        }
    }

    /** @return their objects, to be removed, by bucket. A bucket whose store does not answer is left out: its turn comes again. */
    public List<RemovalPage> pages(MediaSweep sweep, List<Tombstone> tombstones) {
        Map<Optional<String>, List<Tombstone>> byBucket = tombstones.stream()
                .collect(Collectors.groupingBy(
                        tombstone -> Optional.ofNullable(tombstone.bucket()), LinkedHashMap::new, Collectors.toList()));
        sweep.goesOn(byBucket.values().stream().anyMatch(page -> page.size() >= PAGE));
        List<RemovalPage> pages = new ArrayList<>();
        byBucket.forEach((bucket, page) -> {
            try {
                pages.add(page(page));
            } catch (RuntimeException e) {
                if (!FailureClassifier.isOfStore(e)) {
                    throw e;
                }
                LOG.warn("deleted media stay in {} for now: {}", bucket.orElse("the bucket"), e.getMessage());
                sweep.failed(page.size());
            }
        });
        return pages;
    }

    /** Where the ledger never heard of an object there may be one all the same, if it is ours. */
    private RemovalPage page(List<Tombstone> tombstones) {
        RemovalPage page = removals.page();
        for (Tombstone tombstone : tombstones) {
            String etag = tombstone.etag() != null
                    ? tombstone.etag()
                    : objects.etag(tombstone.object()).orElse(null);
            List<Removal> found = etag == null
                    ? List.of()
                    : List.of(new Removal(tombstone.id(), tombstone.object(), tombstone.shared(), etag, null));
            if (tombstone.shared()) {
                removals.keep(page, tombstone.id(), found);
            } else {
                removals.add(page, tombstone.id(), found);
            }
        }
        return page;
    }

    public void removed(MediaSweep sweep, RemovalPage page) {
        sweep.kept(page.outcomes().values().stream().filter(Outcome::kept).count());
        sweep.failed(page.failures());
    }

    public SweepReport report(MediaSweep sweep) {
        SweepReport report = sweep.report();
        if (!report.dryRun() && !report.findings().isEmpty()) {
            LOG.info("media swept: {}", report.counts());
        }
        return report;
    }
}
