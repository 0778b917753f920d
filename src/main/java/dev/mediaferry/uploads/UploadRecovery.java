package dev.mediaferry.uploads;

import dev.mediaferry.api.ProblemException;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.IncomingObjects.Part;
import dev.mediaferry.storage.IncomingObjects.Started;
import dev.mediaferry.storage.StorageSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what clients have begun and left: an upload whose bytes are all there is completed although nobody reports it, parts that no
 * upload has are removed.
 */
public final class UploadRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(UploadRecovery.class);

    private final List<UploadType> types;
    private final MediaLedger ledger;
    private final LedgerId ledgerId;
    private final Completions completions;
    private final Buckets buckets;
    private final IncomingObjects objects;
    private final UploadSettings settings;

    public UploadRecovery(
            List<UploadType> types,
            MediaLedger ledger,
            LedgerId ledgerId,
            Completions completions,
            Buckets buckets,
            IncomingObjects objects,
            UploadSettings settings) {
        this.types = List.copyOf(types);
        this.ledger = ledger;
        this.ledgerId = ledgerId;
        this.completions = completions;
        this.buckets = buckets;
        this.objects = objects;
        this.settings = settings;
    }

    /** An upload that nobody has reported. */
    public record Unreported(UUID mediaId) {}

    public List<UploadSearch> searches(MediaSweep sweep, List<Unreported> unreported) {
        return unreported.stream()
                .map(one -> new UploadSearch(sweep, one.mediaId()))
                .toList();
    }

    /** Looks for the bytes of one upload, and completes it when they are all there. */
    public void look(UploadSearch search) {
        Optional<Medium> medium = ledger.find(search.mediaId()).filter(UploadRecovery::isPending);
        Optional<UploadSession> session = ledger.session(search.mediaId());
        if (medium.isEmpty() || session.isEmpty()) {
            search.end();
        } else {
            look(search, medium.get(), session.get(), buckets.at(medium.get().bucket()));
        }
    }

    private void look(UploadSearch search, Medium medium, UploadSession session, StorageSettings bucket) {
        boolean there = objects.look(bucket, session.incomingKey()).isPresent();
        List<Part> parts = there || !session.isMultipart()
                ? List.of()
                : objects.parts(bucket, session.incomingKey(), session.uploadId())
                        .orElse(List.of());
        if (session.isExceededBy(parts)) {
            found(search, medium, "fail", "too-large");
            if (!search.sweep().isDryRun()) {
                ledger.failed(
                        medium.id(),
                        "too-large",
                        "the parts are more than the " + session.maxBytes() + " bytes that are taken");
                objects.forget(bucket, session.incomingKey(), session.uploadId());
            }
            search.end();
        } else if (there || session.isWhole(parts)) {
            found(search, medium, SweepFinding.COMPLETE, "unreported");
            if (!search.sweep().isDryRun()) {
                if (!there) {
                    objects.complete(bucket, session.incomingKey(), session.uploadId(), parts);
                }
                complete(search, medium);
            }
        } else {
            search.end();
        }
    }

    private void complete(UploadSearch search, Medium medium) {
        try {
            completions.completeUnreported(medium);
        } catch (ProblemException e) {
            // The medium has failed, or its turn comes again.
            LOG.info("upload {} is not completed: {}", medium.id(), e.getMessage());
        }
        if (ledger.find(medium.id()).filter(UploadRecovery::isPending).isEmpty()) {
            search.end();
        }
    }

    private static boolean isPending(Medium medium) {
        return medium.status() == MediaState.PENDING;
    }

    private static void found(UploadSearch search, Medium medium, String action, String reason) {
        search.sweep().found(List.of(SweepFinding.of(medium, action, reason)));
    }

    /** @return a search for the multipart uploads in each bucket that has uploads */
    public List<StrayUploads> buckets(MediaSweep sweep) {
        return types.stream()
                .map(type -> buckets.of(type.bucket()))
                .distinct()
                .map(bucket -> new StrayUploads(sweep, bucket, List.of()))
                .toList();
    }

    /** @return with those that are older than any session may be */
    public StrayUploads list(StrayUploads search) {
        Instant oldest = Instant.now().minus(settings.sessionLife());
        String prefix = IncomingKey.prefix(settings.incoming(), ledgerId.value());
        return new StrayUploads(
                search.sweep(),
                search.bucket(),
                objects.started(search.bucket(), prefix).stream()
                        .filter(upload -> since(upload).isBefore(oldest))
                        .toList());
    }

    /** The id says when an upload was begun; stores that list it may know no better than now. */
    private static Instant since(Started upload) {
        return medium(upload).map(MediaId::time).orElse(upload.since());
    }

    private static Optional<UUID> medium(Started upload) {
        return IncomingKey.medium(upload.key());
    }

    /** Aborts those that the ledger has nothing of. */
    public void abort(StrayUploads strays, List<StrayUploads.Known> known) {
        Set<String> kept = known.stream().map(StrayUploads.Known::uploadId).collect(Collectors.toSet());
        for (Started upload : strays.started()) {
            Optional<UUID> medium = medium(upload);
            if (kept.contains(upload.uploadId()) || medium.isEmpty()) {
                continue;
            }
            strays.sweep().found(List.of(new SweepFinding(medium.get(), null, null, "abort", "stray")));
            if (!strays.sweep().isDryRun()) {
                objects.abort(strays.bucket(), upload);
            }
        }
    }
}
