package dev.mediaferry.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs messages as Standard Webhooks does (https://github.com/standard-webhooks/standard-webhooks, version 1). */
final class WebhookSecret {

    private static final String PREFIX = "whsec_";
    private static final String HMAC = "HmacSHA256";

    /** Bytes that the standard asks for. */
    private static final int SHORTEST = 24;

    private static final int LONGEST = 64;

    private final SecretKeySpec key;

    private WebhookSecret(byte[] key) {
        this.key = new SecretKeySpec(key, HMAC);
    }

    /** @return null for a text that is none */
    static WebhookSecret parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        return key.length < SHORTEST || key.length > LONGEST ? null : new WebhookSecret(key);
    }

    /** @return one signature for {@code webhook-signature} */
    String sign(String id, long timestamp, String body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] signature = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }
}
