package dev.mediaferry.fetch;

import dev.mediaferry.content.BodyReader;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes content of what a server answered, or the failure that it means. */
public final class ResponseReader {

    /** A server that asks for more is not believed: its host would be left alone for years. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    /** From the first byte to some last one, and the number of all bytes. */
    private static final Pattern ALL = Pattern.compile("bytes 0-(\\d{1,18})/(\\d{1,18})");

    /** The medium, or what a proxy on the way has made of it. */
    private static final Set<Integer> SUCCESSES = Set.of(200, 203);

    private static final int PARTIAL = 206;

    /** Characters of a header in a message. */
    private static final int MOST_SHOWN = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ResponseReader.class);

    private final BodyReader reception;

    public ResponseReader(BodyReader reception) {
        this.reception = reception;
    }

    /** @throws TransferException when the link's own date has passed: then nobody is asked */
    public void checkDeadline(Transfer transfer) {
        if (transfer.expired()) {
            throw new TransferException(
                    FailureKind.EXPIRED,
                    "the link worked until " + transfer.deadline().orElseThrow());
        }
    }

    /**
     * @param kinds that the field takes
     * @throws TransferException when the answer is no, or is no such medium
     */
    public Content content(Answer answer, Set<MediaKind> kinds) throws IOException {
        OptionalLong whole = whole(answer);
        if (!SUCCESSES.contains(answer.status()) && whole.isEmpty()) {
            TransferException refusal = refusal(answer, retryAfter(answer.retryAfter(), Instant.now()))
                    .withHttpStatus(answer.status());
            throw shown(answer).map(refusal::withAnswer).orElse(refusal);
        }
        try {
            return received(answer, whole, kinds);
        } catch (TransferException e) {
            TransferException told = e.kind() == FailureKind.NOT_MEDIA ? e.saying(described(answer)) : e;
            throw told.withHttpStatus(answer.status());
        }
    }

    private Content received(Answer answer, OptionalLong whole, Set<MediaKind> kinds) throws IOException {
        if (answer.body() == null) {
            return reception.receive(InputStream.nullInputStream(), null, kinds);
        }
        try {
            InputStream body = Encodings.decoded(answer.body(), answer.encoding());
            boolean decoded = body instanceof InflaterInputStream;
            return reception.receive(body, decoded ? null : announced(answer, whole), kinds);
        } catch (EOFException e) {
            answer.body().close();
            throw new TransferException(FailureKind.TRUNCATED, "the encoded bytes end before the medium does", e);
        } catch (ZipException e) {
            answer.body().close();
            throw new TransferException(
                    FailureKind.NOT_MEDIA, "the answer is encoded, and cannot be decoded: " + e.getMessage(), e);
        }
    }

    /** Some servers say no with a picture. */
    private static Optional<byte[]> shown(Answer answer) throws IOException {
        if (answer.body() == null) {
            return Optional.empty();
        }
        try (InputStream body = answer.body()) {
            String type = answer.type() == null ? "" : answer.type().toLowerCase(Locale.ROOT);
            if (!type.startsWith("image/") || answer.encoding() != null) {
                return Optional.empty();
            }
            byte[] first = body.readNBytes(MediaType.MOST_SHOWN);
            return MediaType.shownOf(first, first.length);
        } catch (IOException e) {
            // That it says no is known already.
            LOG.debug("the picture of a refusal ends early", e);
            return Optional.empty();
        }
    }

    private static Long announced(Answer answer, OptionalLong whole) {
        if (answer.length() != null && LENGTH.matcher(answer.length()).matches()) {
            return Long.valueOf(answer.length());
        }
        return whole.isPresent() ? whole.getAsLong() : null;
    }

    /** @return the length of the medium when the answer is a part of it that is all of it */
    private static OptionalLong whole(Answer answer) {
        Matcher range = ALL.matcher(answer.range() == null ? "" : answer.range().strip());
        if (answer.status() != PARTIAL || !range.matches()) {
            return OptionalLong.empty();
        }
        long last = Long.parseLong(range.group(1));
        long all = Long.parseLong(range.group(2));
        return last + 1 == all ? OptionalLong.of(all) : OptionalLong.empty();
    }

    private static String described(Answer answer) {
        String type = answer.type() == null ? "no Content-Type" : "Content-Type " + shown(answer.type());
        String encoding =
                answer.encoding() == null ? "no Content-Encoding" : "Content-Encoding " + shown(answer.encoding());
        return "; " + type + ", " + encoding + (answer.address() == null ? "" : ",") + at(answer);
    }

    private static String at(Answer answer) {
        return answer.address() == null ? "" : " at " + answer.address() + ", where the link leads";
    }

    /** Of what a server may have written anything into. */
    private static String shown(String header) {
        String plain = header.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > MOST_SHOWN ? plain.substring(0, MOST_SHOWN) + "…" : plain;
    }

    private static TransferException refusal(Answer refused, Duration retryAfter) {
        int status = refused.status();
        String part = status == PARTIAL && refused.range() != null ? " with a part of the medium" : "";
        String answer = "the server answered HTTP " + status + part + at(refused);
        return switch (status) {
            case 404, 410 -> new TransferException(FailureKind.GONE, answer);
            case 401, 403 -> new TransferException(FailureKind.FORBIDDEN, answer);
            case 408 -> new TransferException(FailureKind.TIMEOUT, answer);
            case 429 -> new TransferException(FailureKind.RATE_LIMITED, answer, retryAfter, null);
            case 425, 500, 502, 504 -> new TransferException(FailureKind.UNAVAILABLE, answer, retryAfter, null);
            case 503 ->
                new TransferException(
                        retryAfter == null ? FailureKind.UNAVAILABLE : FailureKind.RATE_LIMITED,
                        answer,
                        retryAfter,
                        null);
            default -> new TransferException(status >= 500 ? FailureKind.UNAVAILABLE : FailureKind.REFUSED, answer);
        };
    }

    /**
     * Seconds or an HTTP date (RFC 9110, section 10.2.3).
     *
     * @return a day at most; null when there is none, or nonsense
     */
    static Duration retryAfter(String value, Instant now) {
        if (value == null) {
            return null;
        }
        try {
            Duration wait = value.strip().matches("\\d+") ? seconds(value.strip()) : until(value.strip(), now);
            return wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration seconds(String digits) {
        return digits.length() > 9 ? LONGEST_RETRY_AFTER : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static Duration until(String date, Instant now) {
        Instant then =
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
    }
}
