package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What clients ask of media that are there, or are on their way. Those of others do not exist for them. */
public final class MediaRequests {

    private static final int MOST_LISTED = 100;
    private static final int USUALLY_LISTED = 50;

    private final UploadTypes types;
    private final MediaLedger ledger;
    private final MediaDocuments documents;
    private final Completions completions;
    private final Buckets buckets;
    private final IncomingObjects objects;

    public MediaRequests(
            UploadTypes types,
            MediaLedger ledger,
            MediaDocuments documents,
            Completions completions,
            Buckets buckets,
            IncomingObjects objects) {
        this.types = types;
        this.ledger = ledger;
        this.documents = documents;
        this.completions = completions;
        this.buckets = buckets;
        this.objects = objects;
    }

    /** @return what this caller may upload */
    public ApiAnswer types(ApiRequest request) {
        return ApiAnswer.ok(Map.of("types", types.documents(request.caller())));
    }

    /** @throws ProblemException when there is none, or it is another user's */
    public Medium find(ApiRequest request) {
        return ledger.find(request.id(), request.caller().user()).orElseThrow(MediaRequests::missing);
    }

    /** As {@link #find}, but an administrator sees what all users have. */
    public Medium see(ApiRequest request) {
        return request.caller().admin() ? ledger.find(request.id()).orElseThrow(MediaRequests::missing) : find(request);
    }

    public ApiAnswer show(Medium medium) {
        return ApiAnswer.ok(documents.of(medium));
    }

    public ApiAnswer status(Medium medium) {
        return ApiAnswer.ok(documents.status(medium));
    }

    /** Verifies and promotes what was uploaded. A medium that another request completes right now is answered with 202. */
    public ApiAnswer complete(Medium medium) {
        Medium now = completions.complete(medium);
        if (now.status() == MediaState.FAILED) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "the upload has failed (" + now.failure() + "): "
                            + (now.message() == null ? "begin a new one" : now.message()));
        }
        return new ApiAnswer(now.status() == MediaState.PENDING ? 202 : 200, documents.of(now));
    }

    /** Ends an upload that is not complete; asked again, it stays so. */
    public ApiAnswer cancel(Medium medium) {
        if (medium.status() == MediaState.PENDING
                && ledger.failed(medium.id(), "cancelled", "cancelled by the client")) {
            ledger.session(medium.id())
                    .ifPresent(session ->
                            objects.forget(buckets.at(medium.bucket()), session.incomingKey(), session.uploadId()));
        }
        Medium now = ledger.find(medium.id()).orElseThrow(MediaRequests::missing);
        if (now.status() != MediaState.FAILED) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "the medium is " + now.status() + " already; DELETE removes it");
        }
        return ApiAnswer.ok(documents.of(now));
    }

    /** @return a page of a user's media, newest first */
    public ApiAnswer list(ApiRequest request) {
        String user = request.path().get("userId");
        if (!request.caller().admin() && !request.caller().user().equals(user)) {
            throw new ProblemException(ProblemType.FORBIDDEN, "these are another user's media");
        }
        Map<String, String> asked = request.parameters(Set.of("mediaType", "status", "cursor", "limit"));
        int limit = number(asked.getOrDefault("limit", Integer.toString(USUALLY_LISTED)));
        List<Medium> found = ledger.list(new MediaQuery(
                user, asked.get("mediaType"), state(asked.get("status")), cursor(asked.get("cursor")), limit));
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("media", documents.of(found));
        page.put(
                "cursor",
                found.size() < limit ? null : found.get(limit - 1).id().toString());
        return ApiAnswer.ok(page);
    }

    /** Removes a medium; its objects follow by the sweep. */
    public ApiAnswer delete(Medium medium) {
        try {
            ledger.delete(medium.id(), medium.userId());
            return ApiAnswer.nothing();
        } catch (MediumInUseException e) {
            throw new ProblemException(ProblemType.IN_USE, "the table " + e.table() + " refers to this medium");
        }
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_LISTED) {
            throw invalid("limit must be from 1 to " + MOST_LISTED);
        }
        return Integer.parseInt(text);
    }

    private static String state(String text) {
        try {
            return text == null ? null : MediaState.valueOf(text).name();
        } catch (IllegalArgumentException e) {
            throw invalid("status must be one of " + List.of(MediaState.values()));
        }
    }

    private static UUID cursor(String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw invalid("cursor must be the one of the page before");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }

    private static ProblemException missing() {
        return new ProblemException(ProblemType.NOT_FOUND, "there is no such medium");
    }
}
