package dev.mediaferry.uploads;

import dev.mediaferry.api.Caller;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.IncomingObjects.Part;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Multipart uploads that are under way, in whatever protocol their clients ask. */
public final class OpenUploads {

    private final MediaLedger ledger;
    private final LedgerId ledgerId;
    private final Buckets buckets;
    private final IncomingObjects objects;
    private final UploadSettings settings;

    public OpenUploads(
            MediaLedger ledger, LedgerId ledgerId, Buckets buckets, IncomingObjects objects, UploadSettings settings) {
        this.ledger = ledger;
        this.ledgerId = ledgerId;
        this.buckets = buckets;
        this.objects = objects;
        this.settings = settings;
    }

    /** A part as a client names it. ETags come with quotes, or without. */
    record SentPart(Integer partNumber, String etag) {}

    /** @throws ProblemException when it is not under way, or not part by part */
    OpenUpload of(Medium medium) {
        if (medium.status() != MediaState.PENDING) {
            throw new ProblemException(ProblemType.CONFLICT, "the medium is " + medium.status() + " already");
        }
        UploadSession session = ledger.session(medium.id())
                .filter(UploadSession::isMultipart)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.CONFLICT, "this upload has no parts: PUT it at once"));
        if (session.expiresAt().isBefore(Instant.now())) {
            throw new ProblemException(ProblemType.CONFLICT, "the session has expired: begin a new upload");
        }
        return new OpenUpload(medium, session, buckets.at(medium.bucket()));
    }

    /**
     * @param key as the client has it from us: it names the medium
     * @throws ProblemException when the key is none of ours, or of another user, or of another type than the token is good for
     */
    Medium under(Caller caller, String key) {
        return Optional.ofNullable(key)
                .flatMap(given -> IncomingKey.medium(given, settings.incoming(), ledgerId.value()))
                .flatMap(id -> ledger.find(id, caller.user()))
                .filter(medium ->
                        caller.mediaType().map(medium.mediaType()::equals).orElse(true))
                .orElseThrow(OpenUploads::unknown);
    }

    /**
     * @param upload of the store, as the client has it: from us, or from the store itself
     * @throws ProblemException as {@link #under}, and when the store knows no such upload of this key
     */
    OpenUpload under(Caller caller, String key, String upload) {
        Medium medium = under(caller, key);
        UploadSession session = ledger.session(medium.id()).orElseThrow(OpenUploads::unknown);
        if (session.uploadId() == null && medium.status() == MediaState.PENDING) {
            if (objects.parts(buckets.at(medium.bucket()), key, upload).isEmpty()) {
                throw unknown();
            }
            ledger.adopt(medium.id(), upload, settings.partSize());
        } else if (!upload.equals(session.uploadId())) {
            throw unknown();
        }
        return of(medium);
    }

    /** Notes that a client sends something, and refuses parts that can only belong to too large a file. */
    void sending(OpenUpload open, int number) {
        if (number < 1 || number > IncomingObjects.MOST_PARTS) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "a part has a number from 1 to " + IncomingObjects.MOST_PARTS);
        }
        // S3 takes no smaller part before the last.
        if ((number - 1) * UploadSettings.SMALLEST_PART >= open.most()) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    "with " + number + " parts it has more than the " + open.most() + " bytes that it may have");
        }
        ledger.begun(open.medium().id());
    }

    List<Part> present(OpenUpload open) {
        return objects.parts(
                        open.bucket(),
                        open.session().incomingKey(),
                        open.session().uploadId())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.CONFLICT, "the store knows nothing of this upload any more: begin a new one"));
    }

    /**
     * Has the store make one object of the parts, when all are there and no more than may be.
     *
     * @param sent what the client has sent; null for what the store has
     */
    void assemble(OpenUpload open, List<SentPart> sent) {
        UploadSession session = open.session();
        if (objects.look(open.bucket(), session.incomingKey()).isEmpty()) {
            objects.complete(open.bucket(), session.incomingKey(), session.uploadId(), whole(open, sent));
        }
    }

    /**
     * @return the parts that the object is made of
     * @throws ProblemException when they are not all there yet, or are too many bytes together: then the upload has failed
     */
    List<Part> whole(OpenUpload open, List<SentPart> sent) {
        List<Part> present = present(open);
        if (sent != null) {
            checkSent(sent, present);
        }
        long size = present.stream().mapToLong(Part::size).sum();
        checkSize(open, size);
        for (int i = 0; i < present.size(); i++) {
            if (present.get(i).number() != i + 1) {
                throw new ProblemException(ProblemType.NOT_UPLOADED, "part " + (i + 1) + " is not there");
            }
        }
        Long declared = open.session().declaredSize();
        if (present.isEmpty() || (declared != null && size != declared)) {
            throw new ProblemException(
                    ProblemType.NOT_UPLOADED,
                    present.size() + (open.parts() == null ? "" : " of " + open.parts()) + " parts are there, " + size
                            + (declared == null ? "" : " of " + declared) + " bytes");
        }
        if (declared == null && sent != null && sent.size() != present.size()) {
            throw new ProblemException(
                    ProblemType.NOT_UPLOADED,
                    present.size() + " parts are there, and " + sent.size() + " are to be put together");
        }
        return present;
    }

    private void checkSize(OpenUpload open, long size) {
        if (size > open.session().maxBytes()) {
            String message =
                    size + " bytes were uploaded, at most " + open.session().maxBytes() + " are taken";
            ledger.failed(open.medium().id(), "too-large", message);
            objects.forget(
                    open.bucket(), open.session().incomingKey(), open.session().uploadId());
            throw new ProblemException(ProblemType.TOO_LARGE, message);
        }
    }

    private static void checkSent(List<SentPart> sent, List<Part> present) {
        Map<Integer, Part> known = present.stream().collect(Collectors.toMap(Part::number, Function.identity()));
        for (SentPart part : sent) {
            if (part == null || part.partNumber() == null || part.etag() == null) {
                throw new ProblemException(
                        ProblemType.INVALID_REQUEST,
                        "a part has a partNumber and an etag (PartNumber and ETag in Uppy)");
            }
            Part there = known.get(part.partNumber());
            if (there == null || !plain(there.etag()).equals(plain(part.etag()))) {
                throw new ProblemException(
                        ProblemType.NOT_UPLOADED,
                        "part " + part.partNumber() + (there == null ? " is not there" : " has another ETag"));
            }
        }
    }

    private static String plain(String etag) {
        return etag.replace("\"", "");
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no such upload");
    }
}
