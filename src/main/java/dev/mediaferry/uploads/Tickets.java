package dev.mediaferry.uploads;

import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.api.StatusStreams;
import dev.mediaferry.content.Digests;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What opens the events of one medium for a minute: browsers send no header with an EventSource. The database has only hashes of it. */
public final class Tickets {

    private static final int SECONDS = 60;
    private static final int BYTES = 24;

    private final JdbcClient database;
    private final SecureRandom random = new SecureRandom();

    public Tickets(Database database) {
        this.database = database.client();
    }

    private record Given(Instant expiresAt) {}

    private record Found(String userId, Instant expiresAt) {}

    /** @return 201, with an address for a minute */
    public ApiAnswer give(Medium medium) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Given given = database.sql(Database.statement("ticket-give"))
                .param("ticket", hash(ticket))
                .param("mediaId", medium.id())
                .param("userId", medium.userId())
                .param("seconds", SECONDS)
                .query(new RecordMapper<>(Given.class))
                .single();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ticket", ticket);
        answer.put("url", ApiSettings.BASE + "/" + medium.id() + "/processing-status?ticket=" + ticket);
        answer.put("expiresAt", given.expiresAt().toString());
        return new ApiAnswer(201, answer);
    }

    /** @return whose it is, and until when; empty for none of ours, one that has ended, or another medium's */
    public Optional<StatusStreams.Ticket> find(UUID medium, String ticket) {
        return database.sql(Database.statement("ticket-find"))
                .param("ticket", hash(ticket))
                .param("mediaId", medium)
                .query(new RecordMapper<>(Found.class))
                .optional()
                .map(found -> new StatusStreams.Ticket(found.userId(), found.expiresAt()));
    }

    private static String hash(String ticket) {
        return Digests.sha256(ticket.getBytes(StandardCharsets.UTF_8));
    }
}
