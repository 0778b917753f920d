package dev.mediaferry.storage;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String region;
    private volatile Second lastSecond = new Second(0, "");
    private volatile DayKey dayKey = new DayKey("", "", null);

    private record Second(long epochSecond, String text) {}

    /** The key derived from the secret is the same for a whole day. */
    private record DayKey(String secret, String day, SecretKeySpec key) {}

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
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical.toString());
        String signature = HexFormat.of().formatHex(hmac(key(secret, day), toSign));
        return "AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + signedHeaders
                + ", Signature=" + signature;
    }

    private SecretKeySpec key(String secret, String day) {
        DayKey cached = dayKey;
        if (!cached.day().equals(day) || !cached.secret().equals(secret)) {
            byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : new String[] {day, region, "s3", "aws4_request"}) {
                key = hmac(new SecretKeySpec(key, "HmacSHA256"), part);
            }
            cached = new DayKey(secret, day, new SecretKeySpec(key, "HmacSHA256"));
            dayKey = cached;
        }
        return cached.key();
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
