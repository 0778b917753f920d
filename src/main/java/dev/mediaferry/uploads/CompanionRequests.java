package dev.mediaferry.uploads;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.api.Caller;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.FormSupport;
import dev.mediaferry.storage.IncomingObjects.Part;
import dev.mediaferry.storage.SignedForm;
import dev.mediaferry.storage.SignedRequests;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.uploads.OpenUploads.SentPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Uppy's Companion protocol for S3, as its plugin @uppy/aws-s3 speaks it with {@code companionEndpoint}
 * (https://uppy.io/docs/aws-s3/). It says neither who asks nor what for, so that comes from a token in the address; and not how
 * large a file is, unless the page puts {@code size} into its metadata.
 */
public final class CompanionRequests {

    private final UploadTokens tokens;
    private final UploadSessions sessions;
    private final OpenUploads uploads;
    private final MediaRequests media;
    private final SignedRequests signed;
    private final FormSupport forms;
    private final UploadSettings settings;

    public CompanionRequests(
            UploadTokens tokens,
            UploadSessions sessions,
            OpenUploads uploads,
            MediaRequests media,
            SignedRequests signed,
            FormSupport forms,
            UploadSettings settings) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.uploads = uploads;
        this.media = media;
        this.signed = signed;
        this.forms = forms;
        this.settings = settings;
    }

    /** What a client wants a token for. */
    record Wanted(String mediaType) {}

    /** @param metadata what the page has noted of the file; of it size counts, where it is there */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Begin(String filename, String type, Map<String, Object> metadata) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Sent(List<UppyPart> parts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record UppyPart(@JsonProperty("PartNumber") Integer number, @JsonProperty("ETag") String etag) {}

    /** @return 201, with a new token and the path that Uppy's companionEndpoint leads to */
    public ApiAnswer admitted(ApiRequest request) {
        String mediaType = request.json(Wanted.class).mediaType();
        if (mediaType == null) {
            throw invalid("the body lacks mediaType");
        }
        Caller caller = request.caller();
        UploadType type = sessions.offered(caller, mediaType);
        UploadTokens.Issued issued = tokens.issue(caller, mediaType, settings.sessionLife());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token", issued.token());
        answer.put("companionPath", ApiSettings.BASE + "/companion/" + issued.token());
        answer.put("mediaType", mediaType);
        answer.put("content", new TreeSet<>(type.content()));
        answer.put("maxBytes", UploadTypes.maxBytes(type, caller));
        answer.put("expiresAt", issued.expiresAt().toString());
        return new ApiAnswer(201, answer);
    }

    /** @return the form that a whole file is sent with */
    public ApiAnswer params(ApiRequest request) {
        Map<String, List<String>> query = request.query();
        NewUpload upload = open(
                request.caller(),
                first(query, "filename"),
                first(query, "type"),
                first(query, "metadata[size]"),
                false);
        SignedForm form = sessions.form(upload);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("method", "POST");
        answer.put("url", form.url().toString());
        answer.put("fields", form.fields());
        answer.put("headers", Map.of());
        answer.put("expires", settings.expiry().toSeconds());
        answer.put("mediaId", upload.id().toString());
        return ApiAnswer.ok(answer);
    }

    public ApiAnswer begun(ApiRequest request) {
        Begin begin = request.json(Begin.class);
        Object size = begin.metadata() == null ? null : begin.metadata().get("size");
        NewUpload upload =
                open(request.caller(), begin.filename(), begin.type(), size == null ? null : size.toString(), true);
        return ApiAnswer.ok(Map.of(
                "key",
                upload.incomingKey(),
                "uploadId",
                upload.uploadId(),
                "bucket",
                sessions.bucket(upload).bucket(),
                "mediaId",
                upload.id().toString()));
    }

    /** @return where one part is sent, of whatever length */
    public ApiAnswer signed(ApiRequest request) {
        OpenUpload open = under(request);
        String text = request.path().get("partNumber");
        int number = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        uploads.sending(open, number);
        return ApiAnswer.ok(Map.of(
                "url",
                signed.part(
                                open.bucket(),
                                open.session().incomingKey(),
                                open.session().uploadId(),
                                number,
                                OptionalLong.empty())
                        .url()
                        .toString(),
                "expires",
                settings.expiry().toSeconds()));
    }

    /** @return what the store has, as the store says it */
    public ApiAnswer listed(ApiRequest request) {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Part part : uploads.present(under(request))) {
            parts.add(Map.of("PartNumber", part.number(), "ETag", part.etag(), "Size", part.size()));
        }
        return ApiAnswer.ok(parts);
    }

    /**
     * Has the store make one object of the parts.
     *
     * @return the medium, to be completed
     */
    public Medium assembled(ApiRequest request) {
        Medium medium = uploads.under(request.caller(), key(request));
        if (medium.status() == MediaState.PENDING) {
            List<UppyPart> parts = request.json(Sent.class).parts();
            if (parts == null || parts.contains(null)) {
                throw invalid("the body lacks parts");
            }
            uploads.assemble(
                    under(request),
                    parts.stream()
                            .map(part -> new SentPart(part.number(), part.etag()))
                            .toList());
        }
        return medium;
    }

    /** Verifies and promotes it, as for all other clients. */
    public ApiAnswer completed(Medium medium) {
        ApiAnswer completed = media.complete(medium);
        Map<?, ?> document = (Map<?, ?>) completed.document();
        Object link = document.get("cdnUrl");
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("location", link == null ? ApiSettings.BASE + "/" + medium.id() : link);
        answer.put("key", document.get("storageKey"));
        answer.put("mediaId", medium.id().toString());
        answer.put("status", document.get("status"));
        return ApiAnswer.ok(answer);
    }

    public ApiAnswer aborted(ApiRequest request) {
        media.cancel(uploads.under(request.caller(), key(request)));
        return ApiAnswer.ok(Map.of());
    }

    private NewUpload open(Caller caller, String name, String type, String size, boolean parts) {
        Announcement announcement =
                new Announcement(name, type, length(size), caller.mediaType().orElseThrow(), null, parts);
        UploadSessions.Announced announced = sessions.announced(caller, announcement);
        if (!parts) {
            checkForms(forms, sessions.bucket(announced));
        }
        NewUpload upload = sessions.begun(announced, parts);
        sessions.record(upload);
        return upload;
    }

    static void checkForms(FormSupport forms, StorageSettings bucket) {
        if (!forms.isIn(bucket)) {
            throw new ProblemException(
                    ProblemType.NOT_OFFERED,
                    "the store takes no forms (POST policies): set Uppy's shouldUseMultipart to true, or use signRequest"
                            + " and send fileSize with it");
        }
    }

    private OpenUpload under(ApiRequest request) {
        return uploads.under(request.caller(), key(request), request.path().get("uploadId"));
    }

    private static String key(ApiRequest request) {
        return first(request.query(), "key");
    }

    private static String first(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    private static Long length(String text) {
        return text != null && text.matches("\\d{1,15}") ? Long.valueOf(text) : null;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }
}
