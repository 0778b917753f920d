package dev.mediaferry.steer;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.settings.Names;
import dev.mediaferry.steer.StandingOrder.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which entries are suspended. A suspended one is drained: what is in flight is finished, nothing more is claimed. */
public final class EntryOrders {

    private final JdbcClient database;
    private final StandingOrders orders;
    private final List<String> names;

    /**
     * An entry.
     *
     * @param inFlight rows that processes have claimed and not settled yet
     * @param since when it was suspended, in ISO 8601; null when it is not, like {@code by}
     */
    public record Entry(String entry, boolean suspended, long inFlight, String since, String by) {}

    private record InFlight(String entry, long transfers) {}

    /** @param names of the registry's entries */
    public EntryOrders(Database database, List<String> names) {
        this.database = database.client();
        this.orders = new StandingOrders(database);
        this.names = names;
    }

    public List<Entry> all() {
        Map<String, StandingOrder> given = new TreeMap<>();
        orders.all().stream()
                .filter(order -> order.kind() == Kind.ENTRY)
                .forEach(order -> given.put(order.name(), order));
        Map<String, Long> inFlight = new TreeMap<>();
        database.sql(Database.statement("entries-in-flight"))
                .query(new RecordMapper<>(InFlight.class))
                .list()
                .forEach(row -> inFlight.put(row.entry(), row.transfers()));
        return names.stream()
                .map(name -> {
                    StandingOrder order = given.get(name);
                    return new Entry(
                            name,
                            order != null && order.paused(),
                            inFlight.getOrDefault(name, 0L),
                            order == null ? null : order.at().toString(),
                            order == null ? null : order.who());
                })
                .toList();
    }

    /** @throws ConfigurationException when the registry has no such entry; one that it has no longer may be resumed */
    public void suspend(String entry, boolean suspended, String who) {
        if (suspended && !names.contains(entry)) {
            throw new ConfigurationException("no entry " + entry
                    + Names.nearest(entry, names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; the registry has " + String.join(", ", names)));
        }
        orders.pause(Kind.ENTRY, entry, suspended, who);
    }
}
