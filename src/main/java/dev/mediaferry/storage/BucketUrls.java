package dev.mediaferry.storage;

import dev.mediaferry.link.Authority;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recognises links that point into our bucket already: under the public URL, under the endpoint in both styles, as
 * {@code s3://bucket/key}, and on AWS under every form of address that S3 has had
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
 */
public final class BucketUrls {

    private record Prefix(Pattern host, String path) {}

    private final Collection<StorageSettings> buckets;
    private final List<URI> formerUrls;
    private final List<Prefix> prefixes = new ArrayList<>();

    public BucketUrls(StorageSettings bucket) {
        this(List.of(bucket), List.of());
    }

    /**
     * @param buckets all that are ours
     * @param formerUrls public addresses that they had once
     */
    BucketUrls(Collection<StorageSettings> buckets, List<URI> formerUrls) {
        this.buckets = List.copyOf(buckets);
        this.formerUrls = List.copyOf(formerUrls);
        buckets.forEach(this::addAll);
        formerUrls.forEach(this::add);
    }

    private void addAll(StorageSettings storage) {
        String bucket = Pattern.quote(storage.bucket());
        add(storage.publicUrl());
        add(storage.bucketAddress());
        if (storage.endpoint() == null) {
            String s3 =
                    "s3(?:-accelerate|-fips|-website)?(?:\\.dualstack)?(?:[.-][a-z0-9-]+)?\\.amazonaws\\.com(?:\\.cn)?";
            prefixes.add(new Prefix(Pattern.compile(bucket + "\\." + s3), "/"));
            prefixes.add(new Prefix(Pattern.compile(s3), "/" + storage.bucket() + "/"));
        } else {
            String host = Pattern.quote(Authority.of(storage.endpoint()).host().toLowerCase(Locale.ROOT));
            String path = storage.endpoint().getRawPath();
            prefixes.add(new Prefix(Pattern.compile(bucket + "\\." + host), path + "/"));
            prefixes.add(new Prefix(Pattern.compile(host), path + "/" + storage.bucket() + "/"));
        }
    }

    /** @param text a column's value */
    public boolean contain(String text) {
        if (buckets.stream().anyMatch(bucket -> text.startsWith(bucket.s3Uri("")))) {
            return true;
        }
        try {
            return contain(Link.parse(text));
        } catch (InvalidLinkException e) {
            return false;
        }
    }

    public boolean contain(Link link) {
        String path = link.uri().getRawPath();
        return prefixes.stream()
                .anyMatch(prefix -> path.startsWith(prefix.path())
                        && prefix.host().matcher(link.host()).matches());
    }

    /** Patterns for SQL's {@code LIKE} that only texts satisfy which {@link #contain} accepts. Not all of those do. */
    public List<String> likePatterns() {
        return Stream.concat(
                        buckets.stream()
                                .flatMap(bucket -> Stream.of(
                                        bucket.s3Uri(""), bucket.publicUrl() + "/", bucket.bucketAddress() + "/")),
                        formerUrls.stream().map(url -> url + "/"))
                .map(BucketUrls::like)
                .distinct()
                .toList();
    }

    private static String like(String prefix) {
        return prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private void add(URI base) {
        prefixes.add(new Prefix(
                Pattern.compile(Pattern.quote(Authority.of(base).host().toLowerCase(Locale.ROOT))),
                base.getRawPath() + "/"));
    }
}
