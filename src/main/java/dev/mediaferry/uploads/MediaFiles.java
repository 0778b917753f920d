package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.Caller;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leads clients to the objects of media, and from the links that these had elsewhere. */
public final class MediaFiles {

    private static final int LONGEST_URL = 8192;

    private final MediaLedger ledger;
    private final MediaDocuments documents;

    public MediaFiles(MediaLedger ledger, MediaDocuments documents) {
        this.ledger = ledger;
        this.documents = documents;
    }

    /** @return a redirect to the object: of the caller's own medium, or of a public one */
    public ApiAnswer file(ApiRequest request) {
        Medium medium = ledger.find(request.id())
                .filter(found -> isOf(request.caller(), found) || documents.isPublic(found))
                .orElseThrow(() -> missing("there is no such medium"));
        String address = documents
                .address(medium)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_UPLOADED, "the medium is " + medium.status() + " and has no file"));
        ledger.fetched(List.of(medium.id()));
        return new ApiAnswer(302, null, Map.of("Location", address));
    }

    /** @return the medium of a link that it had elsewhere: the caller's own, or what of a public one everybody may see */
    public ApiAnswer byUrl(ApiRequest request) {
        String url = request.parameters(Set.of("url")).get("url");
        if (url == null || url.isBlank() || url.length() > LONGEST_URL) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "the query needs the old link: ?url=https%3A%2F%2F…");
        }
        Caller caller = request.caller();
        List<Medium> found = ledger.byUrl(url);
        return found.stream()
                .filter(medium -> isOf(caller, medium))
                .findFirst()
                .map(medium -> ApiAnswer.ok(documents.of(medium)))
                .or(() -> found.stream()
                        .filter(medium -> documents.isPublic(medium)
                                && documents.address(medium).isPresent())
                        .findFirst()
                        .map(medium -> ApiAnswer.ok(documents.seen(medium))))
                .orElseThrow(() -> missing("no medium of yours was under this link"));
    }

    /** Makes once more what has failed after it was verified: all of it, or the jobs that the query names by kind and part. */
    public ApiAnswer retry(ApiRequest request, Medium medium) {
        Map<String, String> asked = request.parameters(Set.of("kind", "part"));
        if (!ledger.retried(medium, asked.get("kind"), asked.get("part"))) {
            Medium now = ledger.find(medium.id()).orElseThrow(() -> missing("there is no such medium"));
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    now.status() == MediaState.FAILED
                            ? "the medium has failed before it had a file (" + now.failure() + "): upload it again"
                            : "the medium is " + now.status() + " and nothing of it has failed");
        }
        return ApiAnswer.ok(
                documents.of(ledger.find(medium.id()).orElseThrow(() -> missing("there is no such medium"))));
    }

    private static boolean isOf(Caller caller, Medium medium) {
        return caller.admin() || caller.user().equals(medium.userId());
    }

    private static ProblemException missing(String detail) {
        return new ProblemException(ProblemType.NOT_FOUND, detail);
    }
}
