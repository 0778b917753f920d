package dev.mediaferry.link;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How the links of some hosts say until when they work.
 *
 * @param parameter of the query
 */
public record DeadlineRule(HostPatterns hosts, String parameter, Form form) {

    /** How a date is written. */
    public enum Form {
        /** Unix time. */
        SECONDS,
        MILLISECONDS,
        /** Unix seconds in hexadecimal. */
        HEXADECIMAL,
        /** ISO 8601, with Z or an offset; a bare date means midnight UTC. */
        ISO;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for a label that no form has */
        public static Form ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }

        /** @throws RuntimeException for what is no such date; then the link carries none */
        Optional<Instant> date(String text) {
            return Optional.of(
                    switch (this) {
                        case SECONDS -> Instant.ofEpochSecond(Long.parseLong(text));
                        case MILLISECONDS -> Instant.ofEpochMilli(Long.parseLong(text));
                        case HEXADECIMAL -> Instant.ofEpochSecond(Long.parseLong(text, 16));
                        case ISO ->
                            Deadlines.azure(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
                    });
        }
    }
}
