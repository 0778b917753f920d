package dev.mediaferry.link;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Until when a signed link works, read from the link itself. Each format is recognised by its companions too, since
 * short names like {@code e} mean other things elsewhere.
 *
 * <ul>
 *   <li>LinkedIn: {@code e} in Unix seconds, beside {@code v} and {@code t}, or on a licdn.com host; 2147483647 is never
 *   <li>Meta: {@code oe} in hexadecimal Unix seconds, beside {@code oh}
 *   <li>Discord: {@code ex} in hexadecimal Unix seconds, beside {@code is} and {@code hm}
 *   <li>AWS Signature V4: {@code X-Amz-Date} + {@code X-Amz-Expires}; Google's V4 likewise with {@code X-Goog-}
 *   <li>CloudFront, S3 V2 and Google V2: {@code Expires} in Unix seconds, beside {@code Signature}
 *   <li>CloudFront with a policy of its own: {@code Policy}, whose JSON has {@code DateLessThan}, beside {@code Signature}
 *   <li>Azure SAS: {@code se} in ISO 8601, beside {@code sig}
 *   <li>TikTok: {@code x-expires} in Unix seconds; Notion: {@code expirationTimestamp} in Unix milliseconds
 * </ul>
 *
 * <p>A host's own rule, from the registry, goes before these.
 */
public final class Deadlines {

    /** Without rules of hosts. */
    public static final Deadlines STANDARD = new Deadlines(List.of());

    /** LinkedIn's way to say never: the last second of a signed 32-bit clock. */
    private static final long NEVER = Integer.MAX_VALUE;

    /**
     * Later years have more than four digits, which PostgreSQL does not read. Seconds written as milliseconds land there,
     * and a date before 1970 is no better: such numbers are no dates.
     */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Where CloudFront's policy says until when. */
    private static final Pattern POLICY_DATE =
            Pattern.compile("\"DateLessThan\"\\s*:\\s*\\{\\s*\"AWS:EpochTime\"\\s*:\\s*\"?(\\d{1,12})");

    private final List<DeadlineRule> rules;

    public Deadlines(List<DeadlineRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** @return empty when the link carries no date, or never ends */
    public Optional<Instant> of(Link link) {
        Map<String, String> query = link.query();
        if (query.isEmpty()) {
            return Optional.empty();
        }
        try {
            return find(link, query).filter(date -> !date.isBefore(Instant.EPOCH) && !date.isAfter(LAST));
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Instant> find(Link link, Map<String, String> query) {
        for (DeadlineRule rule : rules) {
            if (rule.hosts().matches(link.host()) && query.containsKey(rule.parameter())) {
                return rule.form().date(query.get(rule.parameter()));
            }
        }
        return standard(link, query);
    }

    private static Optional<Instant> standard(Link link, Map<String, String> query) {
        for (String vendor : new String[] {"X-Amz-", "X-Goog-"}) {
            String date = query.get(vendor + "Date");
            String seconds = query.get(vendor + "Expires");
            if (date != null && seconds != null) {
                return Optional.of(BASIC.parse(date, Instant::from).plus(Duration.ofSeconds(Long.parseLong(seconds))));
            }
        }
        if (query.containsKey("Expires") && query.containsKey("Signature")) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(query.get("Expires"))));
        }
        if (query.containsKey("Policy") && query.containsKey("Signature")) {
            return policy(query.get("Policy"));
        }
        if (query.containsKey("x-expires")) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(query.get("x-expires"))));
        }
        if (query.containsKey("expirationTimestamp")) {
            return Optional.of(Instant.ofEpochMilli(Long.parseLong(query.get("expirationTimestamp"))));
        }
        if (query.containsKey("se") && query.containsKey("sig")) {
            return Optional.of(azure(URLDecoder.decode(query.get("se").replace("+", "%2B"), StandardCharsets.UTF_8)));
        }
        if (query.containsKey("oe") && query.containsKey("oh")) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(query.get("oe"), 16)));
        }
        if (query.containsKey("ex") && query.containsKey("is") && query.containsKey("hm")) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(query.get("ex"), 16)));
        }
        boolean linkedIn = link.host().endsWith(".licdn.com") || (query.containsKey("v") && query.containsKey("t"));
        if (linkedIn && query.containsKey("e")) {
            long seconds = Long.parseLong(query.get("e"));
            return seconds >= NEVER ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
        }
        return Optional.empty();
    }

    /** CloudFront writes Base64 with characters that a query may hold. */
    private static Optional<Instant> policy(String text) {
        String base64 = URLDecoder.decode(text, StandardCharsets.UTF_8)
                .replace('-', '+')
                .replace('_', '=')
                .replace('~', '/');
        Matcher date = POLICY_DATE.matcher(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        return date.find() ? Optional.of(Instant.ofEpochSecond(Long.parseLong(date.group(1)))) : Optional.empty();
    }

    /** Azure takes a date, minutes or seconds; each ends with Z or an offset, a bare date means midnight UTC. */
    static Instant azure(String text) {
        if (text.length() == "2026-01-01".length()) {
            return Instant.parse(text + "T00:00:00Z");
        }
        return OffsetDateTime.parse(text).toInstant();
    }
}
