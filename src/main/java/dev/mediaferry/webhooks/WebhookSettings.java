package dev.mediaferry.webhooks;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.StorageSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who hears of events, and how.
 *
 * @param url of the user's application; empty where it wants none
 * @param secrets that messages are signed with: one, or the new and the old one while it is changed
 * @param timeout from looking up the name to the last byte of the answer
 * @param purgeUrl of the CDN; empty where there is none
 * @param purgeBody in which {@code {urls}} becomes the addresses, as JSON texts with commas between them
 * @param purgeHeaders of the request to the CDN
 */
public record WebhookSettings(
        Optional<URI> url,
        List<WebhookSecret> secrets,
        Duration timeout,
        Optional<URI> purgeUrl,
        String purgeBody,
        Map<String, String> purgeHeaders) {

    static final String URLS = "{urls}";

    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]+):\\s*(\\S[^\\r\\n]*)");

    public static WebhookSettings of(Settings settings) {
        Optional<URI> url = settings.optional("webhook.url").map(value -> address(settings, "webhook.url", value));
        Optional<String> secret = settings.secret("webhook.secret");
        if (url.isPresent() != secret.isPresent()) {
            throw new ConfigurationException(
                    "mediaferry.webhook.url and mediaferry.webhook.secret are set together, or neither is");
        }
        return new WebhookSettings(
                url,
                secret.stream()
                        .flatMap(text -> Arrays.stream(text.strip().split("\\s+")))
                        .map(WebhookSettings::secret)
                        .toList(),
                settings.duration("webhook.timeout", Duration.ofSeconds(1), Duration.ofMinutes(1)),
                settings.optional("cdn.purge-url").map(value -> address(settings, "cdn.purge-url", value)),
                settings.parse(
                        "cdn.purge-body",
                        settings.text("cdn.purge-body"),
                        "a text with " + URLS + " in it",
                        text -> text.contains(URLS) ? text : null),
                settings.secret("cdn.purge-header").map(WebhookSettings::header).orElse(Map.of()));
    }

    private static URI address(Settings settings, String key, String value) {
        return settings.parse(key, value, "an http or https address", StorageSettings::web);
    }

    /** The value is in no message: it is a secret. */
    private static WebhookSecret secret(String text) {
        WebhookSecret secret = null;
        try {
            secret = WebhookSecret.parse(text);
        } catch (IllegalArgumentException e) {
            // Same answer as null.
        }
        if (secret == null) {
            throw new ConfigurationException(
                    "mediaferry.webhook.secret must be whsec_ and 24 to 64 bytes in base64, like the answer of:"
                            + "  echo whsec_$(openssl rand -base64 32)");
        }
        return secret;
    }

    private static Map<String, String> header(String text) {
        Matcher header = HEADER.matcher(text.strip());
        if (!header.matches()) {
            throw new ConfigurationException("mediaferry.cdn.purge-header must be a name, a colon and a value");
        }
        return Map.of(header.group(1), header.group(2));
    }

    /** @return who hears of what happens from now on */
    public Set<DeliveryTarget> targets() {
        Set<DeliveryTarget> targets = EnumSet.noneOf(DeliveryTarget.class);
        url.ifPresent(unused -> targets.add(DeliveryTarget.WEBHOOK));
        purgeUrl.ifPresent(unused -> targets.add(DeliveryTarget.PURGE));
        return targets;
    }
}
