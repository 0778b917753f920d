package dev.mediaferry.pace;

import dev.mediaferry.settings.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The pause between two requests to one host: one for all, and others for single hosts. */
public record Delays(Duration general, Map<String, Duration> byHost) {

    private static final Duration LONGEST = Duration.ofHours(1);

    public Delays {
        byHost = Map.copyOf(byHost);
    }

    /**
     * @param text like {@code 500ms, cdn.example.com=50ms}
     * @throws IllegalArgumentException when it is not
     */
    public static Delays parse(String text) {
        Duration general = null;
        Map<String, Duration> byHost = new TreeMap<>();
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            if (equals >= 0) {
                String host = part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                if (!host.matches("[a-z0-9._-]+|\\[[0-9a-f:.]+]")) {
                    throw new IllegalArgumentException("no host name: " + host);
                }
                byHost.put(host, delay(part.substring(equals + 1)));
            } else if (general == null) {
                general = delay(part);
            } else {
                throw new IllegalArgumentException("two general delays: " + text);
            }
        }
        if (general == null) {
            throw new IllegalArgumentException("no general delay: " + text);
        }
        return new Delays(general, byHost);
    }

    private static Duration delay(String text) {
        Duration delay = Settings.duration(text);
        if (delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("longer than an hour: " + text);
        }
        return delay;
    }

    public Duration of(String host) {
        return byHost.getOrDefault(host, general);
    }
}
