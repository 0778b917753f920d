package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.Caller;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.SignedForm;
import dev.mediaferry.storage.SignedRequest;
import dev.mediaferry.storage.SignedRequests;
import dev.mediaferry.storage.StorageSettings;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.UUID;

/** Begins uploads, and signs what clients send to the store for them. */
public final class UploadSessions {

    /** Addresses of parts in one answer. */
    private static final int MOST_SIGNED = 100;

    private final UploadTypes types;
    private final MediaLedger ledger;
    private final LedgerId ledgerId;
    private final Buckets buckets;
    private final IncomingObjects objects;
    private final SignedRequests signed;
    private final UploadSettings settings;
    private final UploadLimits limits;
    private final SecureRandom random = new SecureRandom();

    public UploadSessions(
            UploadTypes types,
            MediaLedger ledger,
            LedgerId ledgerId,
            Buckets buckets,
            IncomingObjects objects,
            SignedRequests signed,
            UploadSettings settings,
            UploadLimits limits) {
        this.types = types;
        this.ledger = ledger;
        this.ledgerId = ledgerId;
        this.buckets = buckets;
        this.objects = objects;
        this.signed = signed;
        this.settings = settings;
        this.limits = limits;
    }

    /** An upload that its type takes, before anything is written down. */
    public record Announced(Caller caller, UploadType type, Announcement announcement, long maxBytes) {}

    /** @throws ProblemException when the user, the type or the size is not taken */
    public Announced announced(ApiRequest request) {
        return announced(request.caller(), request.json(Announcement.class).sized());
    }

    /** @throws ProblemException when there is no such type, or the user may not upload it */
    UploadType offered(Caller caller, String mediaType) {
        UploadType type = types.find(mediaType)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_REQUEST, "there is no mediaType " + mediaType + "; GET types lists them"));
        if (!type.isOpenTo(caller.user())) {
            throw new ProblemException(
                    ProblemType.NOT_ROLLED_OUT,
                    mediaType + " is rolled out to a share of the users, and you are not among them yet");
        }
        return type;
    }

    Announced announced(Caller caller, Announcement announcement) {
        UploadType type = offered(caller, announcement.mediaType());
        if (!type.takes(announcement.fileType())) {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_TYPE,
                    announcement.mediaType() + " takes " + String.join(", ", new TreeSet<>(type.content())));
        }
        long most = UploadTypes.maxBytes(type, caller);
        if (announcement.fileSize() != null && announcement.fileSize() > most) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    announcement.fileSize() + " bytes, at most " + most + " are taken as " + announcement.mediaType());
        }
        return new Announced(caller, type, announcement, most);
    }

    /** Begins a multipart upload in the store, where there is to be one. */
    public NewUpload begun(Announced announced) {
        Announcement announcement = announced.announcement();
        return begun(
                announced,
                announcement.isMultipart()
                        || (announcement.fileSize() != null
                                && announcement.fileSize() > UploadSettings.LARGEST_SINGLE));
    }

    /** @param parts true to begin a multipart upload in the store; where the size is not known its parts may have any */
    NewUpload begun(Announced announced, boolean parts) {
        Long size = announced.announcement().fileSize();
        long most = size == null ? limits.unannounced(announced.maxBytes()) : announced.maxBytes();
        limits.admit(announced.caller().user(), size == null ? most : size);
        UUID id = MediaId.create(Instant.now(), random);
        Announcement announcement = announced.announcement();
        StorageSettings bucket = buckets.of(announced.type().bucket());
        String incoming = IncomingKey.of(settings.incoming(), ledgerId.value(), id);
        return new NewUpload(
                id,
                announced.caller().user(),
                announcement.mediaType(),
                key(announced, id),
                buckets.inLedger(bucket),
                announcement.fileName(),
                announcement.fileSize(),
                announcement.fileType(),
                announcement.sha256(),
                incoming,
                parts ? objects.begin(bucket, incoming, announcement.fileType()) : null,
                parts ? partSize(announcement) : null,
                most,
                settings.sessionLife().toSeconds());
    }

    private long partSize(Announcement announcement) {
        return announcement.fileSize() == null ? settings.partSize() : settings.partSize(announcement.fileSize());
    }

    private static String key(Announced announced, UUID id) {
        UploadType type = announced.type();
        String extension =
                UploadType.extensionOf(announced.announcement().fileType()).orElse("bin");
        return type.key().key(type.folder(), announced.caller().user(), type.name(), Instant.now(), id, extension);
    }

    /** Writes it down: what is signed from now on belongs to a medium. */
    public void record(NewUpload upload) {
        ledger.create(upload);
    }

    /** @return 201, with what the client sends next */
    public ApiAnswer opened(NewUpload upload) {
        StorageSettings bucket = buckets.at(upload.bucket());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("mediaId", upload.id().toString());
        answer.put("method", "PUT");
        answer.put("storageKey", upload.storageKey());
        if (upload.uploadId() == null) {
            SignedRequest put = put(upload);
            answer.put("uploadUrl", put.url().toString());
            answer.put("headers", put.headers());
            answer.put("expiresAt", put.expires().toString());
        } else {
            int total = parts(upload.fileSize(), upload.partSize());
            answer.put("uploadId", upload.uploadId());
            answer.put("partSize", upload.partSize());
            answer.put("totalParts", total);
            List<Integer> first = new ArrayList<>();
            for (int number = 1; number <= Math.min(total, MOST_SIGNED); number++) {
                first.add(number);
            }
            answer.putAll(signedParts(
                    bucket, upload.incomingKey(), upload.uploadId(), upload.fileSize(), upload.partSize(), first));
        }
        return new ApiAnswer(201, answer);
    }

    StorageSettings bucket(NewUpload upload) {
        return buckets.at(upload.bucket());
    }

    StorageSettings bucket(Announced announced) {
        return buckets.of(announced.type().bucket());
    }

    /** Where the size is not known the form has the bounds of what may come. */
    SignedForm form(NewUpload upload) {
        Optional<Long> size = Optional.ofNullable(upload.fileSize());
        return signed.form(
                bucket(upload),
                upload.incomingKey(),
                upload.mimeType(),
                size.orElse(1L),
                size.orElse(upload.maxBytes()));
    }

    /** @param upload of a known size */
    SignedRequest put(NewUpload upload) {
        return signed.put(
                buckets.at(upload.bucket()),
                upload.incomingKey(),
                upload.mimeType(),
                upload.fileSize(),
                Optional.ofNullable(upload.sha256()).map(hash -> Base64.getEncoder()
                        .encodeToString(HexFormat.of().parseHex(hash))));
    }

    Map<String, Object> signedParts(
            StorageSettings bucket, String key, String upload, long size, long partSize, List<Integer> numbers) {
        List<SignedPart> parts = new ArrayList<>();
        String expires = Instant.now().plus(settings.expiry()).toString();
        int total = parts(size, partSize);
        for (int number : numbers) {
            long length = number < total ? partSize : size - (total - 1) * partSize;
            SignedRequest part = signed.part(bucket, key, upload, number, OptionalLong.of(length));
            expires = part.expires().toString();
            parts.add(new SignedPart(number, part.url().toString(), length));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("parts", parts);
        answer.put("expiresAt", expires);
        return answer;
    }

    /** As clients read it. */
    private record SignedPart(int partNumber, String uploadUrl, long size) {}

    static int parts(long size, long partSize) {
        return Math.toIntExact((size + partSize - 1) / partSize);
    }
}
