package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.settings.Settings;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How much one user may upload, over all processes: what is used is in the ledger, and the database's clock counts. */
public final class UploadLimits {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** Keys that a user may use; each of them keeps an answer for a day. */
    private static final long KEYS_PER_DAY = 20_000;

    private static final long TICKETS_PER_MINUTE = 120;

    /** What is full again may be forgotten, a little later. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Limits limits;
    private final JdbcClient database;
    private final ProxyManager<String> buckets;
    private final DatabaseClock clock;

    public UploadLimits(Limits limits, Database database) {
        this.limits = limits;
        this.database = database.client();
        this.clock = new DatabaseClock(this.database);
        this.buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database.pool())
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("mediaferry.rate_limit")
                .expiresAtColumn("expires_at")
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
                .clientClock(clock)
                .build();
    }

    /**
     * What a user may do.
     *
     * @param sessionsPerMinute that begin
     * @param openSessions at a time
     * @param bytesPerDay that are announced
     */
    public record Limits(int sessionsPerMinute, int openSessions, long bytesPerDay) {

        private static final int MOST = 1_000_000;

        /** Bucket4j refills one a nanosecond at most. */
        private static final long MOST_BYTES = 80_000_000_000_000L;

        public static Limits of(Settings settings) {
            return new Limits(
                    settings.integer("upload.sessions-per-minute", 1, MOST),
                    settings.integer("upload.open-sessions", 1, MOST),
                    settings.parse(
                            "upload.bytes-per-day",
                            settings.text("upload.bytes-per-day"),
                            "a size up to 80TB",
                            text -> {
                                Long size = Settings.size(text);
                                return size == null || size < 1 || size > MOST_BYTES ? null : size;
                            }));
        }
    }

    private record Open(long open, long seconds) {}

    /** @return the most bytes that an upload may have of which the client says no size, and that it counts as */
    long unannounced(long maxBytes) {
        return Math.min(maxBytes, limits.bytesPerDay());
    }

    /** @throws ProblemException when this user has begun as many uploads, or announced as much, as it may */
    void admit(String user, long bytes) {
        if (bytes > limits.bytesPerDay()) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    "a user may upload " + limits.bytesPerDay() + " bytes a day, and this is more");
        }
        Open open = database.sql(Database.statement("media-open"))
                .param("userId", user)
                .query(new RecordMapper<>(Open.class))
                .single();
        if (open.open() >= limits.openSessions()) {
            throw refused("open-sessions", "uploads open", limits.openSessions(), 0, Math.max(1, open.seconds()), 0);
        }
        take("sessions", user, 1, limits.sessionsPerMinute(), MINUTE, "uploads a minute");
        take("bytes", user, bytes, limits.bytesPerDay(), DAY, "bytes a day");
    }

    /** @throws ProblemException when this user has used as many keys as it may */
    public void admitKey(String user) {
        take("keys", user, 1, KEYS_PER_DAY, DAY, "requests a day with an Idempotency-Key");
    }

    /** @throws ProblemException when this user has asked for as many tickets as it may */
    public ApiRequest admitTicket(ApiRequest request) {
        take("tickets", request.caller().user(), 1, TICKETS_PER_MINUTE, MINUTE, "tickets a minute");
        return request;
    }

    private void take(String name, String user, long tokens, long most, Duration period, String what) {
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(most).refillGreedy(most, period))
                .build();
        clock.look();
        // Another limit is another bucket, so that a changed setting counts at once.
        ConsumptionProbe probe = buckets.builder()
                .build(name + " " + most + " " + user, () -> configuration)
                .tryConsumeAndReturnRemaining(tokens);
        if (!probe.isConsumed()) {
            long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1);
            throw refused(name, what, most, probe.getRemainingTokens(), seconds, period.toSeconds());
        }
    }

    /** Headers as draft-ietf-httpapi-ratelimit-headers has them. */
    private static ProblemException refused(
            String name, String what, long most, long remaining, long seconds, long window) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Retry-After", Long.toString(seconds));
        headers.put("RateLimit-Policy", "\"" + name + "\";q=" + most + (window == 0 ? "" : ";w=" + window));
        headers.put("RateLimit", "\"" + name + "\";r=" + remaining + ";t=" + seconds);
        return new ProblemException(
                ProblemType.TOO_MANY_REQUESTS,
                "you may have " + most + " " + what + ": try again in " + seconds + " s",
                headers);
    }
}
