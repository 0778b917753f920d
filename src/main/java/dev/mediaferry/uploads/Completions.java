package dev.mediaferry.uploads;

import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.content.MediaHead;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.scan.Clamd;
import dev.mediaferry.scan.ScannerAwayException;
import dev.mediaferry.settings.Shown;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.IncomingObjects.Arrived;
import dev.mediaferry.storage.StorageSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes media of what clients have uploaded. Nothing that a client says is believed: size, type and hash are those of the bytes, and
 * what was looked at is copied, by its ETag, to a key that no client can write under. A later write under the incoming key changes nothing.
 */
public final class Completions {

    /** One completes an upload at a time; should its process die, the next may after this. A copy of 5 GiB takes less. */
    private static final int LEASE_SECONDS = 300;

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final UploadTypes types;
    private final MediaLedger ledger;
    private final Buckets buckets;
    private final IncomingObjects objects;
    private final long maxPixels;
    private final Optional<Clamd> scanner;
    private final UploadObserver observer;

    /** @param scanner empty where nothing is scanned */
    public Completions(
            UploadTypes types,
            MediaLedger ledger,
            Buckets buckets,
            IncomingObjects objects,
            long maxPixels,
            Optional<Clamd> scanner,
            UploadObserver observer) {
        this.scanner = scanner;
        this.observer = observer;
        this.types = types;
        this.ledger = ledger;
        this.buckets = buckets;
        this.objects = objects;
        this.maxPixels = maxPixels;
    }

    /**
     * Completes an upload, unless that is done or somebody else is about to. It stays PENDING while a scanner is away.
     *
     * @param medium as the ledger has it
     * @return the medium as it is then
     * @throws ProblemException when nothing has come yet, or what has come is not what was announced: then the medium has failed
     */
    public Medium complete(Medium medium) {
        Optional<UploadSession> session = ledger.session(medium.id());
        if (medium.status() == MediaState.PENDING
                && session.filter(open -> open.expiresAt().isBefore(Instant.now()))
                        .isPresent()) {
            throw new ProblemException(ProblemType.CONFLICT, "the session has expired: begin a new upload");
        }
        return complete(medium, session);
    }

    /** As {@link #complete}, for what was uploaded in time and is found later. */
    Medium completeUnreported(Medium medium) {
        return complete(medium, ledger.session(medium.id()));
    }

    private Medium complete(Medium medium, Optional<UploadSession> session) {
        UUID id = medium.id();
        if (medium.status() == MediaState.PENDING && session.isPresent()) {
            if (ledger.lease(id, LEASE_SECONDS)) {
                try {
                    settle(medium, session.get());
                } catch (ScannerAwayException e) {
                    LOG.warn("upload {} waits: {}", id, e.getMessage());
                } finally {
                    ledger.release(id);
                }
            }
        }
        return ledger.find(id).orElseThrow(Completions::gone);
    }

    private void settle(Medium medium, UploadSession session) {
        Instant begun = Instant.now();
        StorageSettings bucket = buckets.at(medium.bucket());
        UploadType type = types.find(medium.mediaType())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.CONFLICT, medium.mediaType() + " is no longer taken: begin a new upload"));
        Arrived arrived = objects.look(bucket, session.incomingKey())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_UPLOADED,
                        session.isMultipart()
                                ? "the parts are not put together yet: complete-multipart does that"
                                : "nothing was uploaded yet"));
        checkSize(medium, session, arrived);
        MediaHead head = MediaHead.of(objects.head(bucket, session.incomingKey(), arrived, MediaHead.LENGTH)
                .orElseThrow(Completions::changed));
        checkType(medium, type, head);
        if (session.declaredSha256() != null
                && !session.declaredSha256()
                        .equals(objects.sha256(bucket, session.incomingKey(), arrived)
                                .orElseThrow(Completions::changed))) {
            throw reject(medium, "other-hash", "the bytes have another sha256 than announced");
        }
        scan(medium, session, bucket, arrived);
        String etag = objects.promote(
                        bucket,
                        session.incomingKey(),
                        arrived,
                        medium.storageKey(),
                        medium.id(),
                        isPublic(type),
                        head.type().name(),
                        type.cacheControl(head.type().name()),
                        type.disposition(head.type().name()))
                .orElseThrow(Completions::changed);
        boolean done = ledger.uploadedAndReady(new VerifiedUpload(
                medium.id(),
                arrived.length(),
                head.type().name(),
                session.declaredSha256(),
                etag,
                isPublic(type) ? bucket.target(medium.storageKey()) : null,
                head.width(),
                head.height(),
                null));
        if (done) {
            observer.completed(
                    medium.mediaType(),
                    Duration.between(medium.createdAt(), begun),
                    Duration.between(begun, Instant.now()));
            // The sweep removes what a late writer puts there again.
            objects.forget(bucket, session.incomingKey(), null);
        } else {
            ledger.promotedTooLate(medium.id(), etag);
        }
    }

    private void checkSize(Medium medium, UploadSession session, Arrived arrived) {
        if (arrived.length() == 0) {
            throw reject(medium, "empty", "no byte was uploaded");
        }
        if (session.declaredSize() != null && session.declaredSize() != arrived.length()) {
            throw reject(
                    medium,
                    "other-size",
                    arrived.length() + " bytes were uploaded, " + session.declaredSize() + " were announced");
        }
        if (arrived.length() > session.maxBytes()) {
            throw reject(
                    medium,
                    "too-large",
                    arrived.length() + " bytes were uploaded, at most " + session.maxBytes() + " are taken");
        }
    }

    private void checkType(Medium medium, UploadType type, MediaHead head) {
        if (!type.takes(head.type().name())) {
            throw reject(
                    medium,
                    "other-type",
                    "the upload is " + Shown.text(head.description()) + " by its first bytes, " + medium.mediaType()
                            + " takes " + String.join(", ", new TreeSet<>(type.content())));
        }
        if (head.hasMorePixelsThan(maxPixels)) {
            throw reject(
                    medium,
                    "too-many-pixels",
                    head.width() + " x " + head.height() + " pixels, at most " + maxPixels + " are taken");
        }
    }

    private void scan(Medium medium, UploadSession session, StorageSettings bucket, Arrived arrived) {
        if (scanner.isPresent()) {
            Optional<String> found = objects.read(bucket, session.incomingKey(), arrived, scanner.get()::scan)
                    .orElseThrow(Completions::changed);
            if (found.isPresent()) {
                throw reject(medium, "infected", "the upload is infected: " + Shown.text(found.get()));
            }
        }
    }

    /** An original that is kept private is read by nobody but what derives from it. */
    private static boolean isPublic(UploadType type) {
        return type.access() == UploadType.Access.PUBLIC && type.original() == UploadType.Original.KEEP;
    }

    private ProblemException reject(Medium medium, String failure, String message) {
        ledger.failed(medium.id(), failure, message);
        return new ProblemException(ProblemType.NOT_AS_ANNOUNCED, message);
    }

    private static ProblemException changed() {
        return new ProblemException(
                ProblemType.CONFLICT, "the upload changed while it was verified: complete it again");
    }

    private static ProblemException gone() {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no such medium");
    }
}
