package dev.mediaferry.api;

import dev.mediaferry.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the API answers, and whom.
 *
 * @param maxBody most bytes of a request
 * @param corsOrigins whose pages may call it, like {@code https://app.example.com}
 * @param proxies which are believed when they say who asks
 */
public record ApiSettings(String host, int port, long maxBody, List<String> corsOrigins, TrustedProxies proxies) {

    /** Path of everything, which names the version. */
    static final String ROOT = "/api/v1";

    /** Path of everything about media. */
    public static final String BASE = ROOT + "/media";

    private static final Pattern ORIGIN =
            Pattern.compile("https?://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

    public ApiSettings {
        corsOrigins = List.copyOf(corsOrigins);
    }

    public static ApiSettings of(Settings settings) {
        return new ApiSettings(
                settings.text("api.host"),
                settings.integer("api.port", 1, 65535),
                settings.bytes("api.max-body"),
                settings.parse(
                        "api.cors-origins",
                        settings.text("api.cors-origins"),
                        "origins like https://app.example.com, comma-separated",
                        ApiSettings::origins),
                settings.parse(
                        "api.trusted-proxies",
                        settings.text("api.trusted-proxies"),
                        "addresses like 10.0.0.1 or networks like 10.0.0.0/8, comma-separated",
                        TrustedProxies::parse));
    }

    private static List<String> origins(String value) {
        List<String> origins = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .toList();
        return origins.stream().allMatch(origin -> ORIGIN.matcher(origin).matches()) ? origins : null;
    }

    /** How Camel serves it, apart from what its management answers. */
    public Map<String, String> camelProperties() {
        return Map.of(
                "camel.server.enabled", "true",
                "camel.server.host", host,
                "camel.server.port", Integer.toString(port),
                "camel.server.maxBodySize", Long.toString(maxBody),
                "camel.server.fileUploadEnabled", "false",
                "camel.rest.component", "platform-http",
                "camel.rest.bindingMode", "off");
    }
}
