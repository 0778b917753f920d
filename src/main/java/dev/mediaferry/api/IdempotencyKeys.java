package dev.mediaferry.api;

import dev.mediaferry.content.Digests;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Answers a request that comes again as it was answered before (draft-ietf-httpapi-idempotency-key-header), in whatever process. A key
 * belongs to one user and to one request for 24 hours. What ended with 429 or 5xx is not kept, since nothing was done that may not be
 * tried again.
 */
public final class IdempotencyKeys {

    /** How long a request may be under way; should its process die, it may be sent again after this. */
    private static final int LEASE_SECONDS = 60;

    private static final String SOON = "1";

    /** A text, or the quoted string that the draft asks for. */
    private static final Pattern KEY = Pattern.compile("\"?([\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255})\"?");

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);

    private final JdbcClient database;

    public IdempotencyKeys(Database database) {
        this.database = database.client();
    }

    /** The right to answer a request: until it is answered, nobody else does. */
    public record Claim(String userId, String key, UUID claim) {}

    /** What was answered before. */
    public record Answered(int status, String contentType, String body) {}

    /** One of the two. */
    public record Begun(Optional<Claim> claim, Optional<Answered> answered) {}

    private record Row(String request, Integer status, String contentType, String body) {}

    /**
     * @param given values of the header; none for a request without
     * @param address path and query
     * @return nothing of both for a request without a key
     * @throws ProblemException when the key is another request's, or this one is being answered right now
     */
    public Begun begin(Caller caller, List<String> given, String method, String address, byte[] body) {
        if (given.isEmpty()) {
            return new Begun(Optional.empty(), Optional.empty());
        }
        String key = key(given);
        String request = hash(method, address, body);
        Claim claim = new Claim(caller.user(), key, UUID.randomUUID());
        int reserved = database.sql(Database.statement("api-claim"))
                .params(Map.of(
                        "userId",
                        caller.user(),
                        "key",
                        key,
                        "request",
                        request,
                        "claim",
                        claim.claim(),
                        "seconds",
                        LEASE_SECONDS))
                .update();
        if (reserved == 1) {
            return new Begun(Optional.of(claim), Optional.empty());
        }
        Row row = database.sql(Database.statement("api-answer"))
                .param("userId", caller.user())
                .param("key", key)
                .query(new RecordMapper<>(Row.class))
                .optional()
                // Released since: the next try gets it.
                .orElseThrow(IdempotencyKeys::underWay);
        if (!row.request().equals(request)) {
            throw new ProblemException(
                    ProblemType.KEY_REUSED, "this Idempotency-Key came with another request before: use a new one");
        }
        if (row.status() == null) {
            throw underWay();
        }
        return new Begun(Optional.empty(), Optional.of(new Answered(row.status(), row.contentType(), row.body())));
    }

    /** Keeps an answer, or lets the request be sent again where nothing was done. */
    public void answered(Claim claim, Answered answer) {
        boolean kept = answer.status() < 500 && answer.status() != ProblemType.TOO_MANY_REQUESTS.status();
        try {
            JdbcClient.StatementSpec statement = database.sql(Database.statement(kept ? "api-answered" : "api-release"))
                    .param("userId", claim.userId())
                    .param("key", claim.key())
                    .param("claim", claim.claim());
            if (kept) {
                statement
                        .param("status", answer.status())
                        .param("contentType", answer.contentType())
                        .param("body", answer.body());
            }
            statement.update();
        } catch (DataAccessException e) {
            // It was done, and its client shall know. The key is free again when its lease is over.
            LOG.warn("the answer to a request with an Idempotency-Key is not kept: {}", e.getMessage());
        }
    }

    private static String key(List<String> given) {
        Matcher matcher = KEY.matcher(given.get(0).strip());
        if (given.size() > 1 || !matcher.matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "Idempotency-Key must be one text of 1 to 255 visible ASCII characters, a UUID for example");
        }
        return matcher.group(1);
    }

    private static String hash(String method, String address, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes((method + " " + address + "\n").getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        return Digests.sha256(all.toByteArray());
    }

    private static ProblemException underWay() {
        return new ProblemException(
                ProblemType.REQUEST_UNDER_WAY,
                "a request with this Idempotency-Key is being answered: send it again in a moment",
                Map.of("Retry-After", SOON));
    }
}
