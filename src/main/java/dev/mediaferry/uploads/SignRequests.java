package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.Caller;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.storage.FormSupport;
import dev.mediaferry.storage.SignedForm;
import dev.mediaferry.storage.SignedRequest;
import dev.mediaferry.storage.SignedRequests;
import java.net.URLConnection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * What Uppy's {@code signRequest} asks (@uppy/aws-s3 6, https://uppy.io/docs/aws-s3/): one request to the store at a time, which the
 * browser then sends itself. The key of a new upload is ours, whatever the client proposes; all other requests name such a key.
 */
public final class SignRequests {

    private final UploadSessions sessions;
    private final OpenUploads uploads;
    private final MediaLedger ledger;
    private final SignedRequests signed;
    private final FormSupport forms;

    public SignRequests(
            UploadSessions sessions,
            OpenUploads uploads,
            MediaLedger ledger,
            SignedRequests signed,
            FormSupport forms) {
        this.sessions = sessions;
        this.uploads = uploads;
        this.ledger = ledger;
        this.signed = signed;
        this.forms = forms;
    }

    /**
     * A request that is to be signed.
     *
     * @param expiresIn what the client would like; signatures are as long good as the setting says
     * @param fileName with fileSize and fileType what a page may add: a new upload is bound to them then
     */
    record Wanted(
            String method,
            String key,
            String contentType,
            String uploadId,
            Integer partNumber,
            Long expiresIn,
            String fileName,
            Long fileSize,
            String fileType) {

        Wanted {
            if (method == null || key == null || key.isBlank()) {
                throw new ProblemException(ProblemType.INVALID_REQUEST, "the body lacks method or key");
            }
        }

        /** The name of Uppy's keys is that of the file, behind an id. */
        String name() {
            return fileName == null ? key.replaceFirst("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-", "") : fileName;
        }

        /** Uppy says none when it begins a multipart upload. */
        String type() {
            if (fileType != null || contentType != null) {
                return fileType == null ? contentType : fileType;
            }
            String guess = URLConnection.guessContentTypeFromName(name());
            if (guess == null) {
                throw new ProblemException(
                        ProblemType.INVALID_REQUEST, "add fileType: the name of the file does not tell its type");
            }
            return guess;
        }
    }

    public ApiAnswer sign(ApiRequest request) {
        Wanted wanted = request.json(Wanted.class);
        Caller caller = request.caller();
        String mediaType = request.parameters(Set.of("mediaType")).get("mediaType");
        return switch (wanted.method()
                + (wanted.uploadId() == null ? "" : " upload")
                + (wanted.partNumber() == null ? "" : " part")) {
            case "PUT" -> whole(caller, wanted, mediaType);
            case "POST" -> begin(caller, wanted, mediaType);
            case "PUT upload part" -> part(open(caller, wanted), wanted.partNumber());
            case "GET upload" -> list(open(caller, wanted));
            case "POST upload" -> complete(open(caller, wanted));
            case "DELETE upload" -> abort(open(caller, wanted));
            default ->
                throw new ProblemException(
                        ProblemType.INVALID_REQUEST,
                        "what is signed: PUT and POST of a key, with uploadId GET, POST and DELETE, with partNumber too PUT");
        };
    }

    /** Of an unknown size, a form with bounds: a PUT would have none. */
    private ApiAnswer whole(Caller caller, Wanted wanted, String mediaType) {
        UploadSessions.Announced announced = announced(caller, wanted, mediaType);
        if (wanted.fileSize() != null) {
            NewUpload upload = recorded(announced);
            return answer(sessions.put(upload), upload.incomingKey(), upload.id());
        }
        CompanionRequests.checkForms(forms, sessions.bucket(announced));
        NewUpload upload = recorded(announced);
        SignedForm form = sessions.form(upload);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", form.url().toString());
        answer.put("fields", form.fields());
        answer.put("key", upload.incomingKey());
        answer.put("mediaId", upload.id().toString());
        return ApiAnswer.ok(answer);
    }

    /** The store's id of the upload is learnt when the client names it. */
    private ApiAnswer begin(Caller caller, Wanted wanted, String mediaType) {
        NewUpload upload = recorded(announced(caller, wanted, mediaType));
        return answer(
                signed.createMultipart(sessions.bucket(upload), upload.incomingKey(), upload.mimeType()),
                upload.incomingKey(),
                upload.id());
    }

    private ApiAnswer part(OpenUpload open, int number) {
        uploads.sending(open, number);
        return answer(
                signed.part(
                        open.bucket(),
                        open.session().incomingKey(),
                        open.session().uploadId(),
                        number,
                        OptionalLong.empty()),
                open);
    }

    private ApiAnswer list(OpenUpload open) {
        return answer(
                signed.listParts(
                        open.bucket(),
                        open.session().incomingKey(),
                        open.session().uploadId()),
                open);
    }

    /** Signed only when what the store has is all, and not too much. */
    private ApiAnswer complete(OpenUpload open) {
        uploads.whole(open, null);
        return answer(
                signed.completeMultipart(
                        open.bucket(),
                        open.session().incomingKey(),
                        open.session().uploadId()),
                open);
    }

    private ApiAnswer abort(OpenUpload open) {
        ledger.failed(open.medium().id(), "cancelled", "cancelled by the client");
        return answer(
                signed.abortMultipart(
                        open.bucket(),
                        open.session().incomingKey(),
                        open.session().uploadId()),
                open);
    }

    private OpenUpload open(Caller caller, Wanted wanted) {
        return uploads.under(caller, wanted.key(), wanted.uploadId());
    }

    private UploadSessions.Announced announced(Caller caller, Wanted wanted, String mediaType) {
        if (mediaType == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "name the type in the address: sign?mediaType=...");
        }
        return sessions.announced(
                caller, new Announcement(wanted.name(), wanted.type(), wanted.fileSize(), mediaType, null, null));
    }

    private NewUpload recorded(UploadSessions.Announced announced) {
        NewUpload upload = sessions.begun(announced, false);
        sessions.record(upload);
        return upload;
    }

    private static ApiAnswer answer(SignedRequest request, OpenUpload open) {
        return answer(request, open.session().incomingKey(), open.medium().id());
    }

    private static ApiAnswer answer(SignedRequest request, String key, UUID medium) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", request.url().toString());
        answer.put("headers", request.headers());
        answer.put("key", key);
        answer.put("mediaId", medium.toString());
        return ApiAnswer.ok(answer);
    }
}
