package dev.mediaferry.webhooks;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The deliveries in the ledger. */
public final class DeliveryLedger {

    private final JdbcClient database;

    public DeliveryLedger(Database database) {
        this.database = database.client();
    }

    /** Has the database write down a delivery for each of these targets with every event from now on, and for no other. */
    public void setTargets(Set<DeliveryTarget> targets) {
        database.sql(Database.statement("delivery-targets"))
                .param("targets", targets.stream().map(DeliveryTarget::inLedger).toArray(String[]::new))
                .update();
    }

    /** Newest first. */
    public List<DeliveryRow> list(DeliveryQuery query) {
        return database.sql(Database.statement("delivery-list"))
                .paramSource(query)
                .query(new RecordMapper<>(DeliveryRow.class))
                .list();
    }

    /**
     * Delivers once more, in the order of the events.
     *
     * @param dead true for dead letters only; otherwise also what was delivered, or never was to be
     * @param mediaId of whose events; null for all
     * @param events by number; none for all
     * @return how many
     */
    public int replay(DeliveryTarget target, boolean dead, UUID mediaId, List<Long> events) {
        return database.sql(Database.statement("delivery-replay"))
                .param("target", target.inLedger())
                .param("dead", dead)
                .param("mediaId", mediaId)
                .param("events", events.toArray(Long[]::new))
                .update();
    }
}
