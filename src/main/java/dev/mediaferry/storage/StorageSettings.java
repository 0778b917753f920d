package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.link.Authority;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.settings.Settings;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/**
 * The user's bucket.
 *
 * @param endpoint null on AWS
 * @param region a store other than AWS mostly takes any; us-east-1 unless set
 * @param sessionToken of keys that last for some hours
 * @param pathStyle endpoint/bucket/key rather than bucket.endpoint/key
 * @param publicUrl what a rewritten link starts with; no slash at its end
 * @param acl canned ACL, if the store wants one per object
 * @param cacheControl empty for none
 * @param puts what else objects are stored with
 */
public record StorageSettings(
        URI endpoint,
        String region,
        String bucket,
        Optional<String> accessKey,
        Optional<String> secretKey,
        Optional<String> sessionToken,
        boolean pathStyle,
        URI publicUrl,
        Optional<ObjectCannedACL> acl,
        KeyTemplate key,
        String cacheControl,
        PutSettings puts) {

    private static final Logger LOG = LoggerFactory.getLogger(StorageSettings.class);

    /** Stores whose S3 address never serves public reads, so that a link made from it would be dead. */
    private static final List<String> PRIVATE_STORES =
            List.of(".r2.cloudflarestorage.com", ".supabase.co", ".supabase.com");

    /** @return true when no store is configured, so that the embedded one is to serve */
    public static boolean embedded(Settings settings) {
        return settings.optional("storage.endpoint").isEmpty()
                && settings.optional("storage.region").isEmpty()
                && settings.optional("storage.bucket").isEmpty();
    }

    /** @throws ConfigurationException naming the setting */
    public static StorageSettings of(Settings settings) {
        URI endpoint = settings.optional("storage.endpoint")
                .map(value ->
                        settings.parse("storage.endpoint", value, "an http or https address", StorageSettings::web))
                .orElse(null);
        String bucket = settings.optional("storage.bucket")
                .orElseThrow(
                        () -> new ConfigurationException("mediaferry.storage.bucket is not set: name your bucket"));
        if (!isBucketName(bucket)) {
            throw new ConfigurationException("mediaferry.storage.bucket is '" + bucket + "', which is no bucket name");
        }
        Optional<String> region = settings.optional("storage.region");
        if (endpoint == null && region.isEmpty()) {
            throw new ConfigurationException(
                    "mediaferry.storage.region is not set: AWS needs it, other stores need mediaferry.storage.endpoint");
        }
        Optional<String> accessKey = settings.optional("storage.access-key");
        Optional<String> secretKey = settings.secret("storage.secret-key");
        Optional<String> sessionToken = settings.secret("storage.session-token");
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new ConfigurationException(
                    "set both mediaferry.storage.access-key and mediaferry.storage.secret-key, or neither");
        }
        if (sessionToken.isPresent() && accessKey.isEmpty()) {
            throw new ConfigurationException(
                    "mediaferry.storage.session-token needs mediaferry.storage.access-key and mediaferry.storage.secret-key");
        }
        boolean pathStyle = settings.optionalFlag("storage.path-style").orElse(endpoint != null);
        String regionName = region.orElse("us-east-1");
        URI publicUrl = settings.optional("storage.public-url")
                .map(value ->
                        settings.parse("storage.public-url", value, "an http or https address", StorageSettings::web))
                .orElseGet(() -> ownAddress(endpoint, regionName, bucket, pathStyle));
        return new StorageSettings(
                endpoint,
                regionName,
                bucket,
                accessKey,
                secretKey,
                sessionToken,
                pathStyle,
                publicUrl,
                settings.optional("storage.acl")
                        .map(value -> settings.parse(
                                "storage.acl", value, "a canned ACL like public-read", StorageSettings::acl)),
                settings.parse(
                        "storage.key", settings.text("storage.key"), "a key template", StorageSettings::template),
                settings.text("storage.cache-control"),
                PutSettings.of(settings));
    }

    public static boolean isBucketName(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");
    }

    /** @return the same store with another of its buckets; without a public address it is read at its own */
    StorageSettings in(String other, Optional<URI> address) {
        return new StorageSettings(
                endpoint,
                region,
                other,
                accessKey,
                secretKey,
                sessionToken,
                pathStyle,
                address.orElseGet(() -> ownAddress(endpoint, region, other, pathStyle)),
                acl,
                key,
                cacheControl,
                puts);
    }

    /** @return the same bucket where others reach its store; public links stay what they are */
    StorageSettings reachedAt(URI address) {
        return new StorageSettings(
                address,
                region,
                bucket,
                accessKey,
                secretKey,
                sessionToken,
                pathStyle,
                publicUrl,
                acl,
                key,
                cacheControl,
                puts);
    }

    /** @return a place that was configured once, with its own address as the public one */
    StorageSettings at(Place place, Optional<String> access, Optional<String> secret) {
        return new StorageSettings(
                place.endpoint(),
                place.region(),
                place.bucket(),
                access.or(() -> accessKey),
                secret.or(() -> secretKey),
                access.isPresent() ? Optional.empty() : sessionToken,
                place.pathStyle(),
                ownAddress(place.endpoint(), place.region(), place.bucket(), place.pathStyle()),
                acl,
                key,
                cacheControl,
                PutSettings.NONE);
    }

    /** Where S3 requests for this bucket go: the address that a key is appended to after a slash. */
    public URI bucketAddress() {
        return ownAddress(endpoint, region, bucket, pathStyle);
    }

    /**
     * The same, in a form that can be connected to: certificates of stores cover one label before their own name, so a bucket
     * with a dot in its name must not stand there.
     */
    URI requestAddress() {
        boolean secure = endpoint == null || "https".equals(endpoint.getScheme());
        return ownAddress(endpoint, region, bucket, pathStyle || (secure && bucket.contains(".")));
    }

    /** The column's new value for an object. Keys are made of characters that need no encoding in a URL. */
    public String target(String key) {
        return publicUrl + "/" + key;
    }

    /** The address of an object as tools for S3 write it. */
    public String s3Uri(String key) {
        return "s3://" + bucket + "/" + key;
    }

    private static URI ownAddress(URI endpoint, String region, String bucket, boolean pathStyle) {
        if (endpoint == null) {
            String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
            String host = "s3." + region + suffix;
            return URI.create(pathStyle ? "https://" + host + "/" + bucket : "https://" + bucket + "." + host);
        }
        String base = endpoint.toString();
        return URI.create(pathStyle ? base + "/" + bucket : base.replaceFirst("://", "://" + bucket + "."));
    }

    /** @throws ConfigurationException when links to the bucket's own address could never be read */
    public void checkPublicUrl(boolean chosen) {
        checkPublicUrl(chosen, "mediaferry.storage.public-url");
    }

    /** @param setting that would choose it */
    void checkPublicUrl(boolean chosen, String setting) {
        String host = Authority.of(publicUrl).host().toLowerCase(Locale.ROOT);
        if (!chosen && PRIVATE_STORES.stream().anyMatch(host::endsWith)) {
            throw new ConfigurationException(setting + " is not set, and " + host
                    + " serves no public reads: set it to the address your users get the media from");
        }
        if (!chosen) {
            uncovered(setting).ifPresent(LOG::warn);
        }
    }

    /** @return what is wrong with links to the bucket's own address, if anything */
    Optional<String> uncovered(String setting) {
        boolean covered =
                pathStyle || !bucket.contains(".") || !publicUrl.getScheme().equals("https");
        return covered
                ? Optional.empty()
                : Optional.of("bucket " + bucket + " has a dot in its name, so no certificate covers " + publicUrl
                        + " and browsers refuse the new links: set mediaferry.storage.path-style=true, or " + setting);
    }

    /** @return null for what is no web address that a key could be appended to */
    public static URI web(String value) {
        URI uri = URI.create(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
        boolean plain = Authority.isIn(uri) && uri.getQuery() == null && uri.getFragment() == null;
        return plain && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) ? uri : null;
    }

    private static ObjectCannedACL acl(String value) {
        ObjectCannedACL acl = ObjectCannedACL.fromValue(value);
        return acl == ObjectCannedACL.UNKNOWN_TO_SDK_VERSION ? null : acl;
    }

    private static KeyTemplate template(String value) {
        try {
            return new KeyTemplate(value);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("mediaferry.storage.key " + e.getMessage());
        }
    }
}
