package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.IncomingObjects.Part;
import dev.mediaferry.storage.StorageSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What clients ask while they send an upload part by part. */
public final class PartRequests {

    /** Addresses signed by one request. */
    private static final int MOST_SIGNED = 1000;

    private final MediaRequests media;
    private final MediaLedger ledger;
    private final UploadSessions sessions;
    private final Buckets buckets;
    private final IncomingObjects objects;

    public PartRequests(
            MediaRequests media,
            MediaLedger ledger,
            UploadSessions sessions,
            Buckets buckets,
            IncomingObjects objects) {
        this.media = media;
        this.ledger = ledger;
        this.sessions = sessions;
        this.buckets = buckets;
        this.objects = objects;
    }

    /** The parts that a client wants to send next. */
    record Wanted(List<Integer> partNumbers) {}

    /** The parts that a client has sent; null for those that the store has. */
    record Sent(List<SentPart> parts) {}

    /** ETags come with quotes, or without. */
    record SentPart(Integer partNumber, String etag) {}

    private record Open(Medium medium, UploadSession session, StorageSettings bucket) {

        int parts() {
            return UploadSessions.parts(session.declaredSize(), session.partSize());
        }
    }

    /** Signs parts, as often as the client asks while its session lives. */
    public ApiAnswer signed(ApiRequest request) {
        Open open = open(request);
        List<Integer> wanted = request.json(Wanted.class).partNumbers();
        if (wanted == null || wanted.isEmpty() || wanted.size() > MOST_SIGNED) {
            throw invalid("partNumbers must have 1 to " + MOST_SIGNED + " numbers");
        }
        for (Integer number : wanted) {
            if (number == null || number < 1 || number > open.parts()) {
                throw invalid("the parts of this upload have the numbers 1 to " + open.parts());
            }
        }
        ledger.begun(open.medium().id());
        UploadSession session = open.session();
        return ApiAnswer.ok(sessions.signedParts(
                open.bucket(),
                session.incomingKey(),
                session.uploadId(),
                session.declaredSize(),
                session.partSize(),
                wanted));
    }

    /** @return what the store has, for a client that goes on where it stopped */
    public ApiAnswer listed(ApiRequest request) {
        Open open = open(request);
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Part part : present(open)) {
            parts.add(Map.of("partNumber", part.number(), "etag", part.etag(), "size", part.size()));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("uploadId", open.session().uploadId());
        answer.put("partSize", open.session().partSize());
        answer.put("totalParts", open.parts());
        answer.put("parts", parts);
        return ApiAnswer.ok(answer);
    }

    /**
     * Has the store make one object of the parts, when all are there and are together as long as was announced.
     *
     * @return the medium, to be completed
     */
    public Medium assembled(ApiRequest request) {
        Medium medium = media.find(request);
        List<SentPart> sent =
                request.body().length == 0 ? null : request.json(Sent.class).parts();
        if (medium.status() != MediaState.PENDING) {
            return medium;
        }
        Open open = open(medium);
        UploadSession session = open.session();
        if (objects.look(open.bucket(), session.incomingKey()).isEmpty()) {
            List<Part> present = present(open);
            if (sent != null) {
                checkSent(sent, present);
            }
            checkWhole(open, present);
            objects.complete(open.bucket(), session.incomingKey(), session.uploadId(), present);
        }
        return medium;
    }

    private static void checkSent(List<SentPart> sent, List<Part> present) {
        Map<Integer, Part> known = present.stream().collect(Collectors.toMap(Part::number, Function.identity()));
        for (SentPart part : sent) {
            if (part == null || part.partNumber() == null || part.etag() == null) {
                throw invalid("a part has a partNumber and an etag");
            }
            Part there = known.get(part.partNumber());
            if (there == null || !plain(there.etag()).equals(plain(part.etag()))) {
                throw new ProblemException(
                        ProblemType.NOT_UPLOADED,
                        "part " + part.partNumber() + (there == null ? " is not there" : " has another ETag"));
            }
        }
    }

    /** What the store's list adds up to is what it would make; a part that is missing makes it shorter. */
    private static void checkWhole(Open open, List<Part> present) {
        for (int i = 0; i < present.size(); i++) {
            if (present.get(i).number() != i + 1) {
                throw new ProblemException(ProblemType.NOT_UPLOADED, "part " + (i + 1) + " is not there");
            }
        }
        long size = present.stream().mapToLong(Part::size).sum();
        if (present.size() < open.parts() || size != open.session().declaredSize()) {
            throw new ProblemException(
                    ProblemType.NOT_UPLOADED,
                    present.size() + " of " + open.parts() + " parts are there, " + size + " of "
                            + open.session().declaredSize() + " bytes");
        }
    }

    private List<Part> present(Open open) {
        return objects.parts(
                        open.bucket(),
                        open.session().incomingKey(),
                        open.session().uploadId())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.CONFLICT, "the store knows nothing of this upload any more: begin a new one"));
    }

    private Open open(ApiRequest request) {
        return open(media.find(request));
    }

    private Open open(Medium medium) {
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
        return new Open(medium, session, buckets.at(medium.bucket()));
    }

    private static String plain(String etag) {
        return etag.replace("\"", "");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }
}
