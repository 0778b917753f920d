package dev.mediaferry.registry;

import dev.mediaferry.content.ActiveContent;
import dev.mediaferry.content.Digests;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.object.UploadKeyTemplate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A type of media that users upload.
 *
 * @param line where it stands in the file, from 1
 * @param name like POST_IMAGE
 * @param folder first part of its keys
 * @param content types of its files, as in Content-Type, in small letters
 * @param maxBytes by tier; {@link #DEFAULT_TIER} is always there
 * @param key how its keys are made
 * @param bucket name of a bucket of the registry, or empty for the configured one
 * @param cache Cache-Control of its objects; empty for what fits the content
 * @param access who may read its objects
 * @param original who may read what was uploaded, once something is derived from it
 * @param replacedByUser true when a user has one medium of this type: a new one removes the one before when it is ready
 * @param unattachedAfter when an upload that nobody has attached is removed; empty for never
 * @param rolloutBasisPoints share of the users who may upload it, 10,000 for all
 * @param attach whose rows have its media, or empty
 * @param maxDuration of a film; empty for any
 * @param derivation what is made of its media; empty for nothing
 */
public record UploadType(
        int line,
        String name,
        String folder,
        Set<String> content,
        Map<String, Long> maxBytes,
        UploadKeyTemplate key,
        Optional<String> bucket,
        Optional<String> cache,
        Access access,
        Original original,
        boolean replacedByUser,
        Optional<Duration> unattachedAfter,
        int rolloutBasisPoints,
        Optional<Attach> attach,
        Optional<Duration> maxDuration,
        Optional<Derivation> derivation) {

    /** Whose limit those have whose tier is not named. */
    public static final String DEFAULT_TIER = "default";

    public static final int EVERYBODY = 10_000;

    private static final int HASH_DIGITS = 8;

    /** Who may read objects. */
    public enum Access {
        PUBLIC,
        /** Who has a signed URL that ends soon. */
        PRIVATE
    }

    /** What becomes of what was uploaded. */
    public enum Original {
        KEEP,
        /** Only what is derived from it is public, so that no place and no device in it leaks. */
        PRIVATE
    }

    /**
     * The table whose rows have media.
     *
     * @param schema null when the table is found on the search path
     * @param id the column that identifies a row
     * @param user the column that says whose row it is
     */
    public record Attach(String schema, String table, String id, String user) {

        /** What an attachment calls its owner's type: the table as the registry writes it. */
        public String ownerType() {
            return schema == null ? table : schema + "." + table;
        }
    }

    public UploadType {
        content = Set.copyOf(content);
        maxBytes = Map.copyOf(maxBytes);
    }

    /** @param tier of the user; empty for one without */
    public long maxBytes(Optional<String> tier) {
        return tier.map(maxBytes::get).orElseGet(() -> maxBytes.get(DEFAULT_TIER));
    }

    /** @param contentType as in Content-Type, in small letters */
    public boolean takes(String contentType) {
        return content.contains(contentType);
    }

    /** True when everybody may read what was uploaded. An original that is kept private is read by nobody but what derives from it. */
    public boolean isPublic() {
        return access == Access.PUBLIC && original == Original.KEEP;
    }

    /** True when media of this type are removed unless a row has them. */
    public boolean expectsOwner() {
        return unattachedAfter.isPresent();
    }

    /** True when this user is among those who may upload. Who is stays so while the share grows, and is so for every type. */
    public boolean isOpenTo(String userId) {
        String hash = Digests.sha256(userId.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_DIGITS);
        return Long.parseLong(hash, 16) % EVERYBODY < rolloutBasisPoints;
    }

    /** @return extension of the keys of a content that it takes, without a dot */
    public static Optional<String> extensionOf(String contentType) {
        return MediaType.extensionOf(contentType).or(() -> ActiveContent.extensionOf(contentType));
    }

    /** @return Cache-Control of an object with this content */
    public String cacheControl(String contentType) {
        return cache.orElseGet(() -> access == Access.PRIVATE
                ? "private, no-store"
                : contentType.startsWith("video/") ? "public, max-age=2592000" : "public, max-age=31536000, immutable");
    }

    /** @return Content-Disposition of an object with this content; empty where a browser may show it */
    public Optional<String> disposition(String contentType) {
        return ActiveContent.is(contentType) ? Optional.of("attachment") : Optional.empty();
    }
}
