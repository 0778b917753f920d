package dev.mediaferry.steer;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.pace.Delays;
import dev.mediaferry.steer.StandingOrder.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How fast hosts are asked: as configured, as learnt, and as an operator wants it. */
public final class Hosts {

    /** Links of a host and an entry that are counted; more are only said to be. */
    private static final int MOST_COUNTED = 1000;

    private final JdbcClient database;
    private final StandingOrders orders;
    private final Delays configured;
    private final String[] entries;

    /** What was learnt of a host that is slowed down or shut out. */
    private record Learnt(String host, Double rate, int concurrency, int strikes, Instant shutOutUntil) {}

    private record Waiting(String host, long links) {}

    /**
     * A host.
     *
     * @param waiting links that wait, up to 1,000 of each entry
     * @param configuredMillis between two requests at the least
     * @param rate requests per second as learnt; null, like the others, where it has never been slowed down
     * @param concurrency requests at the same time, as learnt
     * @param strikes complaints or failures without a good answer in between
     * @param shutOutUntil when it may be asked again, in ISO 8601
     * @param paused an operator wants nobody to ask it
     * @param ordered requests per second that an operator wants at most; null for no wish, like the others
     * @param orderedBy who wants that
     * @param orderedAt since when, in ISO 8601
     */
    public record Host(
            String host,
            long waiting,
            long configuredMillis,
            Double rate,
            Integer concurrency,
            Integer strikes,
            String shutOutUntil,
            boolean paused,
            Double ordered,
            String orderedBy,
            String orderedAt) {}

    /**
     * @param configured pauses between requests
     * @param entries by name, whose links wait
     */
    public Hosts(Database database, Delays configured, List<String> entries) {
        this.database = database.client();
        this.orders = new StandingOrders(database);
        this.configured = configured;
        this.entries = entries.toArray(String[]::new);
    }

    /** @return those that are slowed down, that links wait for, that are configured, and that an operator has a wish for */
    public List<Host> all() {
        Map<String, Learnt> learnt = new TreeMap<>();
        database.sql(Database.statement("held-hosts"))
                .query(new RecordMapper<>(Learnt.class))
                .list()
                .forEach(host -> learnt.put(host.host(), host));
        Map<String, Long> waiting = new TreeMap<>();
        database.sql(Database.statement("waiting-hosts"))
                .param("entries", entries)
                .param("most", MOST_COUNTED)
                .query(new RecordMapper<>(Waiting.class))
                .list()
                .forEach(host -> waiting.put(host.host(), host.links()));
        Map<String, StandingOrder> given = new TreeMap<>();
        orders.all().stream()
                .filter(order -> order.kind() == Kind.HOST)
                .forEach(order -> given.put(order.name(), order));
        TreeSet<String> names = new TreeSet<>(learnt.keySet());
        names.addAll(waiting.keySet());
        names.addAll(given.keySet());
        names.addAll(configured.byHost().keySet());
        List<Host> hosts = new ArrayList<>();
        names.forEach(name -> hosts.add(host(name, waiting.getOrDefault(name, 0L), learnt.get(name), given.get(name))));
        return hosts;
    }

    private Host host(String name, long waiting, Learnt learnt, StandingOrder order) {
        boolean known = learnt != null;
        return new Host(
                name,
                waiting,
                configured.of(name).toMillis(),
                known ? learnt.rate() : null,
                known ? Integer.valueOf(learnt.concurrency()) : null,
                known ? Integer.valueOf(learnt.strikes()) : null,
                known && learnt.shutOutUntil() != null ? learnt.shutOutUntil().toString() : null,
                order != null && order.paused(),
                order == null ? null : order.rate(),
                order == null ? null : order.who(),
                order == null ? null : order.at().toString());
    }

    /** Has nobody ask a host, or lets it be asked again. What is wanted of its rate stays. */
    public void pause(String host, boolean paused, String who) {
        orders.pause(Kind.HOST, name(host.strip()), paused, who);
    }

    /** @param rate requests per second at most; null for what is configured and learnt */
    public void setRate(String host, Double rate, String who) {
        orders.setRate(name(host.strip()), rate, who);
    }

    /**
     * @return the spelling that links have
     * @throws ConfigurationException when it is none, or more than that
     */
    static String name(String host) {
        try {
            Link link = Link.parse("http://" + host);
            if (link.uri().toString().equals("http://" + link.host() + "/")) {
                return link.host();
            }
        } catch (InvalidLinkException e) {
            throw noHost(host, e.getMessage());
        }
        throw noHost(host, "more than a name or an address");
    }

    private static ConfigurationException noHost(String host, String why) {
        return new ConfigurationException(
                "'" + host + "' is no host (" + why + "): name one without scheme and port, like cdn.example.com");
    }
}
