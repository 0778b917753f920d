package dev.mediaferry.status;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the ledger knows of what happened to media, and who has heard of it.
 *
 * @param bytes of the events on the database's disk
 * @param waiting deliveries that are open
 * @param dead deliveries that were given up
 * @param waitingSince when the oldest open one came, in ISO 8601, or null
 * @param deliveryBytes of the deliveries on the database's disk
 */
public record EventStatus(
        long events, long bytes, long waiting, long delivered, long dead, String waitingSince, long deliveryBytes) {

    private record Row(
            long events,
            long bytes,
            long waiting,
            long delivered,
            long dead,
            Instant waitingSince,
            long deliveryBytes) {}

    static EventStatus of(JdbcClient database) {
        Row row = database.sql(Database.statement("media-events-size"))
                .query(new RecordMapper<>(Row.class))
                .single();
        return new EventStatus(
                row.events(),
                row.bytes(),
                row.waiting(),
                row.delivered(),
                row.dead(),
                FieldStatus.text(row.waitingSince()),
                row.deliveryBytes());
    }
}
