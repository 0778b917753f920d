package dev.mediaferry.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What receivers read of an event. */
final class EventDocuments {

    /** What of a row is told, by the name under which the API has it. The rest is the ledger's own business. */
    private static final Map<String, String> NAMES = names(
            "user_id", "userId",
            "media_type", "mediaType",
            "status", "status",
            "failure", "failure",
            "message", "failureMessage",
            "storage_key", "storageKey",
            "bucket", "bucket",
            "cdn_url", "cdnUrl",
            "original_url", "originalUrl",
            "thumbnail_url", "thumbnailUrl",
            "file_name", "fileName",
            "file_size", "fileSize",
            "mime_type", "mimeType",
            "sha256", "sha256",
            "width", "width",
            "height", "height",
            "duration", "duration",
            "metadata", "metadata",
            "created_at", "createdAt",
            "updated_at", "updatedAt",
            "ownerType", "ownerType",
            "ownerId", "ownerId",
            "position", "position",
            "urls", "urls");

    private final JsonMapper json = JsonMapper.builder().build();

    private static Map<String, String> names(String... pairs) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            names.put(pairs[i], pairs[i + 1]);
        }
        return names;
    }

    /** @return {@code {"type", "timestamp", "data"}}, the same at every attempt */
    String message(DueDelivery delivery) {
        JsonNode event = read(delivery.data());
        ObjectNode data = json.createObjectNode();
        data.put("id", delivery.mediaId().toString());
        data.put("userId", delivery.userId());
        NAMES.forEach((column, name) -> {
            if (event.has(column)) {
                data.set(name, event.get(column));
            }
        });
        ObjectNode message = json.createObjectNode();
        message.put("type", delivery.kind());
        message.put("timestamp", delivery.createdAt().toString());
        message.set("data", data);
        return message.toString();
    }

    /** @return addresses that led to what is gone, as JSON texts with commas between them */
    String urls(DueDelivery delivery) {
        List<String> urls = new ArrayList<>();
        read(delivery.data()).path("urls").forEach(url -> urls.add(url.toString()));
        return String.join(",", urls);
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is no JSON", e);
        }
    }
}
