package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.object.UploadKeyTemplate;
import dev.mediaferry.registry.UploadType.Access;
import dev.mediaferry.registry.UploadType.Attach;
import dev.mediaferry.registry.UploadType.Original;
import dev.mediaferry.settings.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the types of uploads of a registry that fits its schema. */
final class UploadReader {

    private static final Duration DEFAULT_UNATTACHED = Duration.ofHours(24);
    private static final Duration LEAST_UNATTACHED = Duration.ofMinutes(1);

    /** What one object of S3 may have. */
    private static final long MOST_BYTES = 5_000_000_000_000L;

    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private final Surroundings around;

    UploadReader(Surroundings around) {
        this.around = around;
    }

    List<UploadType> read(JsonNode nodes) {
        List<UploadType> types = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        int index = 0;
        for (JsonNode node : nodes) {
            String pointer = "/uploads/" + index++;
            UploadType type = type(node, pointer);
            Integer first = lines.putIfAbsent(type.name(), type.line());
            if (first != null) {
                around.problem(pointer + "/type", type.name() + " stands in line " + first + " already");
            }
            types.add(type);
        }
        return types;
    }

    /** What is wrong is reported; what stands for it here is never used. */
    private UploadType type(JsonNode node, String pointer) {
        Optional<Attach> attach = attach(node.path("attach"));
        boolean replaced = node.has("replace");
        return new UploadType(
                around.line(pointer),
                node.path("type").asText(),
                node.path("folder").asText(),
                content(node, pointer),
                sizes(node.path("max-bytes"), pointer + "/max-bytes"),
                key(node, pointer),
                around.bucket(node, pointer),
                Optional.ofNullable(node.path("cache").textValue()),
                Access.valueOf(node.path("access").asText("public").toUpperCase(Locale.ROOT)),
                Original.valueOf(node.path("original").asText("keep").toUpperCase(Locale.ROOT)),
                replaced,
                unattached(node, pointer, attach.isPresent(), replaced),
                rollout(node, pointer),
                attach,
                maxDuration(node, pointer),
                around.derivation(node, pointer));
    }

    private Optional<Duration> maxDuration(JsonNode node, String pointer) {
        String text = node.path("max-duration").textValue();
        if (text == null) {
            return Optional.empty();
        }
        if (around.derivation(node, pointer).filter(Derivation::isOfFilms).isEmpty()) {
            around.problem(
                    pointer + "/max-duration",
                    "max-duration needs derivatives with a poster or renditions: how long a film is shows when something is made of it");
        }
        try {
            Duration most = Settings.duration(text);
            if (!most.isZero()) {
                return Optional.of(most);
            }
        } catch (IllegalArgumentException e) {
            // Said below, as of every other text that is no such duration.
        }
        around.problem(
                pointer + "/max-duration", "max-duration is '" + text + "', but must be a duration like 90s or 10m");
        return Optional.empty();
    }

    private Set<String> content(JsonNode node, String pointer) {
        Set<String> content = new TreeSet<>();
        int index = 0;
        for (JsonNode one : node.path("content")) {
            String type = one.asText().toLowerCase(Locale.ROOT);
            if (UploadType.extensionOf(type).isEmpty()) {
                around.problem(
                        pointer + "/content/" + index,
                        "'" + type
                                + "' is not a type that is recognised by its first bytes, so nothing could verify it");
            }
            content.add(type);
            index++;
        }
        return content;
    }

    private Map<String, Long> sizes(JsonNode node, String pointer) {
        Map<String, Long> sizes = new HashMap<>();
        if (node.isObject()) {
            node.properties()
                    .forEach(tier ->
                            sizes.put(tier.getKey(), size(tier.getValue().asText(), pointer + "/" + tier.getKey())));
        } else {
            sizes.put(UploadType.DEFAULT_TIER, size(node.asText(), pointer));
        }
        return sizes;
    }

    private long size(String text, String pointer) {
        try {
            Long bytes = Settings.size(text);
            if (bytes != null && bytes <= MOST_BYTES) {
                return bytes;
            }
        } catch (ArithmeticException e) {
            // Said below, as of every other text that is no such size.
        }
        around.problem(pointer, "max-bytes is '" + text + "', but must be a size like 20MB, up to 5TB");
        return 1;
    }

    private UploadKeyTemplate key(JsonNode node, String pointer) {
        try {
            return new UploadKeyTemplate(node.path("key").asText(UploadKeyTemplate.DEFAULT));
        } catch (IllegalArgumentException e) {
            around.problem(pointer + "/key", "key " + e.getMessage());
            return new UploadKeyTemplate(UploadKeyTemplate.DEFAULT);
        }
    }

    private Optional<Duration> unattached(JsonNode node, String pointer, boolean attached, boolean replaced) {
        String text = node.path("unattached-after").textValue();
        boolean swept = attached && !replaced;
        if (text == null) {
            return swept ? Optional.of(DEFAULT_UNATTACHED) : Optional.empty();
        }
        if (text.equals("never")) {
            return Optional.empty();
        }
        String place = pointer + "/unattached-after";
        if (!swept) {
            around.problem(
                    place,
                    replaced
                            ? "what replace: user keeps counts as attached, so unattached-after has no meaning here"
                            : "unattached-after needs attach, which says whose rows have these media");
        }
        try {
            Duration after = Settings.duration(text);
            if (after.compareTo(LEAST_UNATTACHED) >= 0) {
                return Optional.of(after);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Said below, as of every other text that is no such time.
        }
        around.problem(place, "unattached-after is '" + text + "', but must be never, or at least a minute, like 24h");
        return Optional.empty();
    }

    private int rollout(JsonNode node, String pointer) {
        if (!node.has("rollout")) {
            return UploadType.EVERYBODY;
        }
        BigDecimal share = new BigDecimal(node.path("rollout").asText().replace("%", ""));
        if (share.compareTo(HUNDRED) > 0) {
            around.problem(pointer + "/rollout", "rollout is " + share + " %, but must be from 0 to 100");
        }
        return share.multiply(HUNDRED).intValue();
    }

    private static Optional<Attach> attach(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        String table = node.path("table").asText();
        int dot = table.indexOf('.');
        return Optional.of(new Attach(
                dot < 0 ? null : table.substring(0, dot),
                table.substring(dot + 1),
                node.path("id").asText("id"),
                node.path("user").asText()));
    }
}
