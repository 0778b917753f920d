package dev.mediaferry.uploads;

import dev.mediaferry.api.Caller;
import dev.mediaferry.content.Digests;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tokens that stand in an address, for clients that send no header with their requests: each is good for one user's uploads of one
 * type. The ledger has their digests only, so all processes know them and nobody who reads it can use them.
 */
public final class UploadTokens {

    private static final int BYTES = 32;

    private final Database database;
    private final SecureRandom random = new SecureRandom();

    public UploadTokens(Database database) {
        this.database = database;
    }

    /** @param token anybody who knows it may upload with it */
    record Issued(String token, Instant expiresAt) {

        @Override
        public String toString() {
            return "a token until " + expiresAt;
        }
    }

    private record Expiry(Instant expiresAt) {}

    private record Owner(String userId, String tier, String mediaType) {}

    Issued issue(Caller caller, String mediaType, Duration life) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Expiry expiry = statement("upload-token-create", token)
                .param("userId", caller.user())
                .param("tier", caller.tier().orElse(null))
                .param("mediaType", mediaType)
                .param("lifeSeconds", life.toSeconds())
                .query(new RecordMapper<>(Expiry.class))
                .single();
        return new Issued(token, expiry.expiresAt());
    }

    /** @return whose uploads a token is good for; empty for one that is none, or no longer */
    public Optional<Caller> uploader(String token) {
        return statement("upload-token-find", token)
                .query(new RecordMapper<>(Owner.class))
                .optional()
                .map(owner -> new Caller(
                        owner.userId(), Optional.ofNullable(owner.tier()), false, Optional.of(owner.mediaType())));
    }

    private JdbcClient.StatementSpec statement(String name, String token) {
        return database.client()
                .sql(Database.statement(name))
                .param("digest", Digests.sha256(token.getBytes(StandardCharsets.UTF_8)));
    }
}
