package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4: in the Authorization header, for requests to S3 without a query
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), and in the query, for requests that somebody else
 * sends within some time (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
 */
public final class SignatureV4 {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
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
        String time = headers.get("x-amz-date");
        String scope = scope(time);
        String payload = headers.get("x-amz-content-sha256");
        return ALGORITHM + " Credential=" + accessKey + "/" + scope + ", SignedHeaders="
                + String.join(";", headers.keySet()) + ", Signature="
                + signature(method, path, "", headers, payload, time, scope, secret);
    }

    /**
     * @param path absolute and percent-encoded
     * @param query what is asked, not encoded
     * @param headers all that have to be sent as they are here, names in lower case, {@code host} among them
     * @param token of keys that last for some hours, or null
     * @return the whole query of the request, encoded, that signs it for this number of seconds from now
     */
    String presign(
            String method,
            String path,
            Map<String, String> query,
            SortedMap<String, String> headers,
            String accessKey,
            String secret,
            String token,
            Instant now,
            long seconds) {
        String time = TIME.format(now);
        String scope = scope(time);
        SortedMap<String, String> all = new TreeMap<>(query);
        all.put("X-Amz-Algorithm", ALGORITHM);
        all.put("X-Amz-Credential", accessKey + "/" + scope);
        all.put("X-Amz-Date", time);
        all.put("X-Amz-Expires", Long.toString(seconds));
        all.put("X-Amz-SignedHeaders", String.join(";", headers.keySet()));
        if (token != null) {
            all.put("X-Amz-Security-Token", token);
        }
        String canonical = all.entrySet().stream()
                .map(entry -> encode(entry.getKey(), false) + "=" + encode(entry.getValue(), false))
                .sorted()
                .collect(Collectors.joining("&"));
        return canonical + "&X-Amz-Signature="
                + signature(method, path, canonical, headers, "UNSIGNED-PAYLOAD", time, scope, secret);
    }

    /**
     * Signs a form that somebody else sends (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html).
     *
     * @param time {@code x-amz-date} of the form
     * @param policy the document, in base64
     */
    String signPolicy(String policy, String time, String secret) {
        return HexFormat.of().formatHex(hmac(copy(key(secret, time.substring(0, 8))), policy));
    }

    /** @return the fields that say with which key of which day a form is signed */
    Map<String, String> policyFields(String accessKey, Instant now) {
        String time = TIME.format(now);
        return Map.of(
                "x-amz-algorithm", ALGORITHM, "x-amz-credential", accessKey + "/" + scope(time), "x-amz-date", time);
    }

    /** Percent-encodes all but unreserved characters, as the signature demands, and in paths the slash. */
    public static String encode(String text, boolean path) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0
                    || (path && c == '/');
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }

    private String scope(String time) {
        return time.substring(0, 8) + "/" + region + "/s3/aws4_request";
    }

    private String signature(
            String method,
            String path,
            String query,
            SortedMap<String, String> headers,
            String payload,
            String time,
            String scope,
            String secret) {
        StringBuilder canonical = new StringBuilder(512);
        canonical
                .append(method)
                .append('\n')
                .append(path)
                .append('\n')
                .append(query)
                .append('\n');
        for (Map.Entry<String, String> header : headers.entrySet()) {
            canonical
                    .append(header.getKey())
                    .append(':')
                    .append(header.getValue().strip())
                    .append('\n');
        }
        canonical
                .append('\n')
                .append(String.join(";", headers.keySet()))
                .append('\n')
                .append(payload);
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n"
                + Digests.sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hmac(copy(key(secret, time.substring(0, 8))), toSign));
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
