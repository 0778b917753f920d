package dev.mediaferry.steer;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.steer.StandingOrder.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The standing orders in the ledger, which every process obeys within a second. */
public final class StandingOrders {

    private final JdbcClient database;

    public StandingOrders(Database database) {
        this.database = database.client();
    }

    public List<StandingOrder> all() {
        return database.sql(Database.statement("standing-orders"))
                .query(new RecordMapper<>(StandingOrder.class))
                .list();
    }

    /** Has a host or an entry paused, or no longer; what is wanted of a rate stays. */
    public void pause(Kind kind, String name, boolean paused, String who) {
        give("standing-order-pause", new StandingOrder(kind, name, paused, null, who, Instant.now()));
    }

    /** @param rate requests per second at most; null for no wish. Whether the host is paused stays */
    public void setRate(String host, Double rate, String who) {
        give("standing-order-rate", new StandingOrder(Kind.HOST, host, false, rate, who, Instant.now()));
    }

    /** Two who want something of one host at once get both: a statement changes one wish. */
    private void give(String statement, StandingOrder order) {
        database.sql(Database.statement(statement))
                .param("kind", label(order.kind()))
                .param("name", order.name())
                .param("paused", order.paused())
                .param("rate", order.rate())
                .param("who", order.who())
                .update();
        database.sql(Database.statement("standing-order-end"))
                .param("kind", label(order.kind()))
                .param("name", order.name())
                .update();
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
