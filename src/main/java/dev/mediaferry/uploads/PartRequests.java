package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.storage.IncomingObjects.Part;
import dev.mediaferry.uploads.OpenUploads.SentPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What clients ask while they send an upload part by part. */
public final class PartRequests {

    /** Addresses signed by one request. */
    private static final int MOST_SIGNED = 1000;

    private final MediaRequests media;
    private final MediaLedger ledger;
    private final UploadSessions sessions;
    private final OpenUploads uploads;

    public PartRequests(MediaRequests media, MediaLedger ledger, UploadSessions sessions, OpenUploads uploads) {
        this.media = media;
        this.ledger = ledger;
        this.sessions = sessions;
        this.uploads = uploads;
    }

    /** The parts that a client wants to send next. */
    record Wanted(List<Integer> partNumbers) {}

    /** The parts that a client has sent; null for those that the store has. */
    record Sent(List<SentPart> parts) {}

    /** Signs parts, as often as the client asks while its session lives. */
    public ApiAnswer signed(ApiRequest request) {
        OpenUpload open = uploads.of(media.find(request));
        List<Integer> wanted = request.json(Wanted.class).partNumbers();
        if (wanted == null || wanted.isEmpty() || wanted.size() > MOST_SIGNED) {
            throw invalid("partNumbers must have 1 to " + MOST_SIGNED + " numbers");
        }
        if (open.parts() == null) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "this upload was begun without a size: go on where it was begun");
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

    /** As clients read it. */
    private record ListedPart(int partNumber, String etag, long size) {}

    /** @return what the store has, for a client that goes on where it stopped */
    public ApiAnswer listed(ApiRequest request) {
        OpenUpload open = uploads.of(media.find(request));
        List<ListedPart> parts = new ArrayList<>();
        for (Part part : uploads.present(open)) {
            parts.add(new ListedPart(part.number(), part.etag(), part.size()));
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
        if (medium.status() == MediaState.PENDING) {
            uploads.assemble(uploads.of(medium), sent);
        }
        return medium;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }
}
