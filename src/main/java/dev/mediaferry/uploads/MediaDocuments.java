package dev.mediaferry.uploads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.derivatives.DerivativeDocuments;
import dev.mediaferry.derivatives.DerivativeLedger;
import dev.mediaferry.derivatives.DerivativeLedger.Made;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.SignedRequest;
import dev.mediaferry.storage.SignedRequests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Media as clients read them. Where an object is private, its document has an address that is signed and ends soon. */
public final class MediaDocuments {

    /** That have an object under their own key. */
    private static final Set<MediaState> STORED = Set.of(MediaState.UPLOADED, MediaState.PROCESSING, MediaState.READY);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double PERCENT = 100;

    private final UploadTypes types;
    private final MediaLedger ledger;
    private final Buckets buckets;
    private final SignedRequests signed;
    private final DerivativeLedger derivatives;

    public MediaDocuments(
            UploadTypes types,
            MediaLedger ledger,
            Buckets buckets,
            SignedRequests signed,
            DerivativeLedger derivatives) {
        this.derivatives = derivatives;
        this.types = types;
        this.ledger = ledger;
        this.buckets = buckets;
        this.signed = signed;
    }

    /** The document of a medium, for those who may see all of it. */
    Map<String, Object> of(Medium medium) {
        return of(List.of(medium)).get(0);
    }

    List<Map<String, Object>> of(List<Medium> media) {
        ledger.fetched(media.stream().filter(this::isSigned).map(Medium::id).toList());
        Map<ObjectName, Made> made = derivatives.of(media.stream()
                .filter(one -> STORED.contains(one.status()))
                .map(MediaDocuments::object)
                .toList());
        return media.stream()
                .map(medium -> document(medium, made.get(object(medium))))
                .toList();
    }

    private static ObjectName object(Medium medium) {
        return new ObjectName(medium.bucket(), medium.storageKey());
    }

    /** @param made null where nothing is */
    private Map<String, Object> document(Medium medium, Made made) {
        Map<String, Object> document = seen(medium);
        document.put("userId", medium.userId());
        document.put("phase", phase(medium));
        document.put("storageKey", medium.storageKey());
        if (isSigned(medium)) {
            SignedRequest get = signed(medium);
            document.put("signedUrl", get.url().toString());
            document.put("signedUrlExpiresAt", get.expires().toString());
        }
        document.put("originalUrl", medium.originalUrl());
        document.put("fileName", medium.fileName());
        document.put("sha256", medium.sha256());
        document.put("ownerType", medium.ownerType());
        document.put("ownerId", medium.ownerId());
        if (medium.status() == MediaState.FAILED) {
            document.put("failure", medium.failure());
            document.put("failureMessage", medium.message());
        }
        document.put("metadata", json(medium.metadata()));
        document.put("derivatives", made == null ? List.of() : derivatives(medium, made));
        return document;
    }

    private List<Map<String, Object>> derivatives(Medium medium, Made made) {
        Derivation derivation =
                types.find(medium.mediaType()).flatMap(UploadType::derivation).orElse(Derivation.NOTHING);
        return DerivativeDocuments.of(made, derivation, key -> signed.get(buckets.at(medium.bucket()), key)
                .url()
                .toString());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database answers no JSON", e);
        }
    }

    /** What of a public medium everybody may see who has a token. */
    Map<String, Object> seen(Medium medium) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", medium.id().toString());
        document.put("mediaType", medium.mediaType());
        document.put("status", medium.status().name());
        document.put("access", isPublic(medium) ? "public" : "private");
        document.put("cdnUrl", isPublic(medium) ? medium.cdnUrl() : null);
        document.put("thumbnailUrl", medium.thumbnailUrl());
        document.put("fileSize", medium.fileSize());
        document.put("mimeType", medium.mimeType());
        document.put("width", medium.width());
        document.put("height", medium.height());
        document.put("duration", medium.duration());
        document.put("createdAt", medium.createdAt().toString());
        document.put("updatedAt", medium.updatedAt().toString());
        return document;
    }

    /** How a medium stands. */
    record Standing(Medium medium, Map<String, Object> document) {}

    Map<String, Object> status(Medium medium) {
        return statuses(List.of(medium)).get(0).document();
    }

    /** How media stand, and how far the work on them is. */
    List<Standing> statuses(List<Medium> media) {
        Map<UUID, Double> shares = ledger.progress(media.stream()
                .filter(medium -> medium.status() == MediaState.PROCESSING)
                .map(Medium::id)
                .toList());
        return media.stream()
                .map(medium -> {
                    Map<String, Object> document = standing(medium);
                    Optional.ofNullable(shares.get(medium.id()))
                            .ifPresent(share -> document.put("progress", Math.floor(share * PERCENT) / PERCENT));
                    return new Standing(medium, document);
                })
                .toList();
    }

    private Map<String, Object> standing(Medium medium) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("mediaId", medium.id().toString());
        status.put("status", medium.status().name());
        status.put("phase", phase(medium));
        if (medium.status() == MediaState.FAILED) {
            status.put("failure", medium.failure());
            status.put("failureMessage", medium.message());
        }
        return status;
    }

    /** @return where its object can be had right now, by a signature if need be; empty while it has none */
    Optional<String> address(Medium medium) {
        if (!STORED.contains(medium.status())) {
            return Optional.empty();
        }
        return isPublic(medium)
                ? Optional.ofNullable(medium.cdnUrl())
                : Optional.of(signed(medium).url().toString());
    }

    /** True for an object that its public address leads to. What was public once is private when the registry says so. */
    boolean isPublic(Medium medium) {
        boolean open = types.find(medium.mediaType()).map(UploadType::isPublic).orElse(true);
        return open && (medium.cdnUrl() != null || !STORED.contains(medium.status()));
    }

    private boolean isSigned(Medium medium) {
        return STORED.contains(medium.status()) && !isPublic(medium);
    }

    private SignedRequest signed(Medium medium) {
        return signed.get(buckets.at(medium.bucket()), medium.storageKey());
    }

    private String phase(Medium medium) {
        return medium.phase(types.expectsOwner(medium.mediaType())).name();
    }
}
