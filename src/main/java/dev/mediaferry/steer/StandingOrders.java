package dev.mediaferry.steer;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.steer.StandingOrder.Kind;
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

    /** Gives an order in place of the one before. An empty one takes it back. */
    public void give(StandingOrder order) {
        if (order.isEmpty()) {
            database.sql(Database.statement("standing-order-end"))
                    .param("kind", label(order.kind()))
                    .param("name", order.name())
                    .update();
        } else {
            database.sql(Database.statement("standing-order-give"))
                    .param("kind", label(order.kind()))
                    .param("name", order.name())
                    .param("paused", order.paused())
                    .param("rate", order.rate())
                    .param("who", order.who())
                    .update();
        }
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
