package dev.mediaferry.uploads;

import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.content.MediaHead;
import dev.mediaferry.derivatives.NewJobs;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.scan.Clamd;
import dev.mediaferry.scan.ScannerAwayException;
import dev.mediaferry.settings.Shown;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.IncomingObjects.Arrived;
import dev.mediaferry.storage.Promotion;
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

    /** Of what is copied part by part: what is lost when one fails is copied soon. */
    private static final long LARGEST_PART = 512L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final UploadTypes types;
    private final MediaLedger ledger;
    private final Buckets buckets;
    private final IncomingObjects objects;
    private final Promotions promotions;
    private final long copyAtOnce;
    private final long maxPixels;
    private final Optional<Clamd> scanner;
    private final UploadObserver observer;

    /**
     * @param copyAtOnce bytes; what is larger is copied part by part, after the request was answered
     * @param scanner empty where nothing is scanned
     */
    public Completions(
            UploadTypes types,
            MediaLedger ledger,
            Buckets buckets,
            IncomingObjects objects,
            Promotions promotions,
            long copyAtOnce,
            long maxPixels,
            Optional<Clamd> scanner,
            UploadObserver observer) {
        this.scanner = scanner;
        this.observer = observer;
        this.types = types;
        this.ledger = ledger;
        this.buckets = buckets;
        this.objects = objects;
        this.promotions = promotions;
        this.copyAtOnce = copyAtOnce;
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

    /** @return the medium as it is then; as it was, when it goes on after this */
    private Medium complete(Medium medium, Optional<UploadSession> session) {
        UUID id = medium.id();
        if (medium.status() == MediaState.PENDING && session.isPresent()) {
            Optional<Instant> lease = ledger.lease(id, Promotions.LEASE_SECONDS);
            if (lease.isPresent()) {
                Settled settled = Settled.NOW;
                try {
                    settled = settle(medium, session.get(), lease.get());
                } catch (ScannerAwayException e) {
                    LOG.warn("upload {} waits: {}", id, e.getMessage());
                } finally {
                    if (settled == Settled.NOW) {
                        ledger.release(id);
                    }
                }
                if (settled == Settled.LATER) {
                    // Clients of large files always ask later, even where the copy is quick.
                    return medium;
                }
            }
        }
        return ledger.find(id).orElseThrow(Completions::gone);
    }

    /** How far a completion comes within its request: its end, work that goes on after the answer, or a lease that others have by now. */
    private enum Settled {
        NOW,
        LATER,
        BY_OTHERS
    }

    private Settled settle(Medium medium, UploadSession session, Instant lease) {
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
        Verified verified = new Verified(
                medium,
                type,
                session,
                new Promotion(
                        bucket,
                        session.incomingKey(),
                        arrived,
                        medium.storageKey(),
                        medium.id(),
                        type.isPublic(),
                        head.type().name(),
                        type.cacheControl(head.type().name()),
                        type.disposition(head.type().name())),
                head,
                begun);
        if (arrived.length() > copyAtOnce) {
            promotions.goOn(medium.id(), () -> abandon(verified), () -> copyInParts(verified));
            return Settled.LATER;
        }
        checkBytes(verified);
        // Whatever took its time here: others may have promoted other bytes meanwhile.
        if (!ledger.hold(medium.id(), lease, Promotions.LEASE_SECONDS)) {
            return Settled.BY_OTHERS;
        }
        finish(verified, objects.promote(verified.promotion()).orElseThrow(Completions::changed));
        return Settled.NOW;
    }

    /** What was looked at, and shall be promoted. */
    private record Verified(
            Medium medium,
            UploadType type,
            UploadSession session,
            Promotion promotion,
            MediaHead head,
            Instant begun) {}

    /** What all of the bytes have to be read for. */
    private void checkBytes(Verified verified) {
        String announced = verified.session().declaredSha256();
        Promotion promotion = verified.promotion();
        if (announced != null
                && !announced.equals(objects.sha256(promotion.bucket(), promotion.key(), promotion.arrived())
                        .orElseThrow(Completions::changed))) {
            throw reject(verified.medium(), "other-hash", "the bytes have another sha256 than announced");
        }
        scan(promotion, verified.medium());
    }

    private void copyInParts(Verified verified) {
        checkBytes(verified);
        Promotion promotion = verified.promotion();
        UUID id = promotion.medium();
        String etag = promotion.arrived().etag();
        // As it is now: the session was read before the lease was had.
        String copy = ledger.session(id)
                .filter(session -> session.copyId() != null)
                .map(session -> {
                    if (etag.equals(session.etag())) {
                        return session.copyId();
                    }
                    objects.abortCopy(promotion.bucket(), promotion.to(), session.copyId());
                    return null;
                })
                .orElse(null);
        finish(
                verified,
                objects.promote(
                                promotion,
                                Math.min(copyAtOnce, LARGEST_PART),
                                promotions.copies(),
                                copy,
                                begun -> ledger.copying(id, begun, etag))
                        .orElseThrow(Completions::changed));
    }

    /** Nobody wants it any more: its copy ends, which ends the work on it. */
    private void abandon(Verified verified) {
        Promotion promotion = verified.promotion();
        ledger.session(promotion.medium())
                .map(UploadSession::copyId)
                .ifPresent(copy -> objects.abortCopy(promotion.bucket(), promotion.to(), copy));
    }

    private void finish(Verified verified, String etag) {
        Promotion promotion = verified.promotion();
        boolean done = ledger.uploaded(
                new VerifiedUpload(
                        promotion.medium(),
                        promotion.arrived().length(),
                        promotion.type(),
                        verified.session().declaredSha256(),
                        etag,
                        promotion.shown() ? promotion.bucket().target(promotion.to()) : null,
                        verified.head().width(),
                        verified.head().height(),
                        null),
                NewJobs.of(
                        verified.type(),
                        promotion.medium(),
                        verified.medium().bucket(),
                        promotion.to(),
                        promotion.type()));
        if (done) {
            observer.completed(
                    verified.medium().mediaType(),
                    Duration.between(verified.medium().createdAt(), verified.begun()),
                    Duration.between(verified.begun(), Instant.now()));
            // The sweep removes what a late writer puts there again.
            objects.forget(promotion.bucket(), promotion.key(), null);
        } else {
            ledger.promotedTooLate(promotion.medium(), etag);
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

    private void scan(Promotion promotion, Medium medium) {
        if (scanner.isPresent()) {
            Optional<String> found = objects.read(
                            promotion.bucket(), promotion.key(), promotion.arrived(), scanner.get()::scan)
                    .orElseThrow(Completions::changed);
            if (found.isPresent()) {
                throw reject(medium, "infected", "the upload is infected: " + Shown.text(found.get()));
            }
        }
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
