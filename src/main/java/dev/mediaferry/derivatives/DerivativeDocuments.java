package dev.mediaferry.derivatives;

import dev.mediaferry.derivatives.DerivativeLedger.Made;
import dev.mediaferry.derivatives.DerivativeLedger.OpenJob;
import dev.mediaferry.registry.Derivation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Derivatives as clients and commands read them: what is there, what is on its way, and what could not be made. */
public final class DerivativeDocuments {

    private static final String STATE = "state";

    private DerivativeDocuments() {}

    /**
     * @param derivation what is to be made
     * @param address of a key to which no public address leads; null where it shall not be said
     */
    public static List<Map<String, Object>> of(Made made, Derivation derivation, UnaryOperator<String> address) {
        List<Map<String, Object>> documents = new ArrayList<>();
        made.derivatives().forEach(one -> documents.add(document(one, address)));
        for (OpenJob job : made.jobs()) {
            for (Slot slot : slots(job, derivation)) {
                if (made.derivatives().stream().noneMatch(slot::holds)) {
                    documents.add(document(job, slot));
                }
            }
        }
        return documents;
    }

    private static List<Slot> slots(OpenJob job, Derivation derivation) {
        return Derivation.Kind.ofLabel(job.kind()) == Derivation.Kind.RENDITION
                ? List.of(new Slot(Slot.Kind.RENDITION, Integer.parseInt(job.part()), "mp4"))
                : PictureJobs.slots(derivation);
    }

    private static Map<String, Object> document(Derivative one, UnaryOperator<String> address) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", one.kind());
        document.put("size", one.size());
        document.put("format", one.format());
        document.put(STATE, one.state().name().toLowerCase(java.util.Locale.ROOT));
        if (one.storageKey() != null) {
            document.put("url", one.cdnUrl() != null ? one.cdnUrl() : address.apply(one.storageKey()));
            document.put("storageKey", one.storageKey());
            document.put("mimeType", one.contentType());
            document.put("width", one.width());
            document.put("height", one.height());
            document.put("bytes", one.bytes());
            if (one.bitrate() != null) {
                document.put("bitrate", one.bitrate());
            }
            document.put("version", one.version());
        } else {
            document.put("message", one.message());
        }
        return document;
    }

    private static Map<String, Object> document(OpenJob job, Slot slot) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", slot.kind().label());
        document.put("size", slot.size());
        document.put("format", slot.format());
        document.put(
                STATE,
                switch (job.state()) {
                    case "dead" -> "failed";
                    case "claimed" -> "processing";
                    default -> "pending";
                });
        if (job.progress() > 0) {
            document.put("progress", job.progress());
        }
        if (job.message() != null) {
            document.put("message", job.message());
        }
        return document;
    }
}
