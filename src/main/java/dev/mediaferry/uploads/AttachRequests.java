package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** What clients ask of the media that rows of the application have. */
public final class AttachRequests {

    private static final int MOST = 100;

    private final UploadTypes types;
    private final MediaLedger ledger;
    private final MediaDocuments documents;
    private final Owners owners;

    public AttachRequests(UploadTypes types, MediaLedger ledger, MediaDocuments documents, Owners owners) {
        this.types = types;
        this.ledger = ledger;
        this.documents = documents;
        this.owners = owners;
    }

    /** A row, and media for it in their order. */
    record Wish(String ownerType, String ownerId, List<UUID> mediaIds) {}

    /** The media that a row has from now on, in their order. */
    record Order(List<UUID> mediaIds) {}

    /** Attaches media behind those that the row has: all of them, or none. */
    public ApiAnswer attach(ApiRequest request) {
        Wish wish = request.json(Wish.class);
        return changed(request, wish, user -> ledger.attach(wish.ownerType(), wish.ownerId(), user, wish.mediaIds()));
    }

    /** Makes these media, in this order, those that the row has. */
    public ApiAnswer rearrange(ApiRequest request) {
        Wish wish = new Wish(
                request.path().get("ownerType"),
                request.path().get("ownerId"),
                request.json(Order.class).mediaIds());
        return changed(
                request, wish, user -> ledger.rearrange(wish.ownerType(), wish.ownerId(), user, wish.mediaIds()));
    }

    /** Detaches what the caller has attached to a row, which may be gone by now. */
    public ApiAnswer detach(ApiRequest request) {
        ledger.detach(
                request.path().get("ownerType"),
                request.path().get("ownerId"),
                request.caller().user());
        return ApiAnswer.nothing();
    }

    private ApiAnswer changed(ApiRequest request, Wish wish, Consumer<String> change) {
        String user = request.caller().user();
        check(wish, user);
        try {
            change.accept(user);
        } catch (AttachRefusedException e) {
            throw new ProblemException(type(e.reason()), e.getMessage());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ownerType", wish.ownerType());
        answer.put("ownerId", wish.ownerId());
        answer.put("media", documents.of(ledger.attached(wish.ownerType(), wish.ownerId())));
        return ApiAnswer.ok(answer);
    }

    private void check(Wish wish, String user) {
        if (wish.ownerType() == null || wish.ownerId() == null || wish.mediaIds() == null) {
            throw invalid("the body needs ownerType, ownerId and mediaIds");
        }
        if (wish.mediaIds().size() > MOST || wish.mediaIds().contains(null)) {
            throw invalid("mediaIds must be ids, " + MOST + " at most");
        }
        Set<String> fitting = types.attachedTo(wish.ownerType());
        if (fitting.isEmpty()) {
            throw invalid(
                    "nothing is attached to " + wish.ownerType() + ": attach in the registry's uploads names what is");
        }
        if (!owners.isOf(user, wish.ownerType(), wish.ownerId())) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND, "there is no such row in " + wish.ownerType() + " of this user");
        }
        for (UUID id : wish.mediaIds()) {
            String mediaType = ledger.find(id, user)
                    .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "there is no medium " + id))
                    .mediaType();
            if (!fitting.contains(mediaType)) {
                throw new ProblemException(
                        ProblemType.CONFLICT,
                        id + " is a " + mediaType + ", which is not attached to " + wish.ownerType());
            }
        }
    }

    private static ProblemType type(AttachRefusedException.Reason reason) {
        return switch (reason) {
            case UNKNOWN -> ProblemType.NOT_FOUND;
            case NOT_UPLOADED -> ProblemType.NOT_UPLOADED;
            case ELSEWHERE -> ProblemType.CONFLICT;
            case INVALID -> ProblemType.INVALID_REQUEST;
        };
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }
}
