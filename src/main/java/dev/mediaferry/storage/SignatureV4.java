package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 in the Authorization header, for requests to S3 without a query
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
final class SignatureV4 {

    private static final String HMAC = "HmacSHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String region;
    private volatile Second lastSecond = new Second(0, "");
    private volatile DayKey dayKey = new DayKey("", "", null, null);

    private record Second(long epochSecond, String text) {}

    /** What is derived from the secret is the same for a whole day. */
    private record DayKey(String secret, String day, SecretKeySpec key, Mac unused) {}

    SignatureV4(String region) {
        this.region = region;
    }

    /** @return the value of {@code x-amz-date} for now */
    String timestamp() {
        Instant now = Instant.now();
        Second cached = lastSecond;
        if (cached.epochSecond() != now.getEpochSecond()) {
            cached = new Second(now.getEpochSecond(), TIME.format(now));
            lastSecond = cached;
        }
        return cached.text();
    }

    /**
     * @param path absolute and percent-encoded
     * @param headers all that are sent and signed, names in lower case, {@code x-amz-date} and
     *     {@code x-amz-content-sha256} among them
     * @return the value of the Authorization header
     */
    String authorize(String method, String path, SortedMap<String, String> headers, String accessKey, String secret) {
        String signedHeaders = String.join(";", headers.keySet());
        StringBuilder canonical = new StringBuilder(512);
        canonical.append(method).append('\n').append(path).append("\n\n");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            canonical
                    .append(header.getKey())
                    .append(':')
                    .append(header.getValue().strip())
                    .append('\n');
        }
        canonical.append('\n').append(signedHeaders).append('\n').append(headers.get("x-amz-content-sha256"));
        String time = headers.get("x-amz-date");
        String day = time.substring(0, 8);
        String scope = day + "/" + region + "/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + Digests.sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        String signature = HexFormat.of().formatHex(hmac(copy(key(secret, day)), toSign));
        return "AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + signedHeaders
                + ", Signature=" + signature;
    }

    private DayKey key(String secret, String day) {
        DayKey cached = dayKey;
        if (!cached.day().equals(day) || !cached.secret().equals(secret)) {
            byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : new String[] {day, region, "s3", "aws4_request"}) {
                key = hmac(mac(new SecretKeySpec(key, HMAC)), part);
            }
            SecretKeySpec spec = new SecretKeySpec(key, HMAC);
            cached = new DayKey(secret, day, spec, mac(spec));
            dayKey = cached;
        }
        return cached;
    }

    private static byte[] hmac(Mac mac, String text) {
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Spares each request the search for the algorithm and the hashing of the key. */
    private static Mac copy(DayKey key) {
        try {
            return (Mac) key.unused().clone();
        } catch (CloneNotSupportedException e) {
            // A provider of somebody's own need not be able to.
            return mac(key.key());
        }
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }
}
