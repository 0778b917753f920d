package dev.mediaferry.engine;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Notices that another application works with the same ledger: a database may hold tables of the same name in a schema for each
 * of them, and an entry's name does not tell these apart.
 */
final class Applications {

    private static final Logger LOG = LoggerFactory.getLogger(Applications.class);

    private static final String WAY =
            "; if that is another application's, give this one a ledger of its own:" + " mediaferry.ledger.schema";

    private Applications() {}

    private record Elsewhere(String name, String schema) {}

    /** @throws ConfigurationException naming every entry whose transfers are about a table of another schema */
    static void check(List<Entry> entries, Database database) {
        List<Elsewhere> elsewhere = database.client()
                .sql(Database.statement("entries-elsewhere"))
                .param("names", texts(entries, Entry::name))
                .param("schemas", texts(entries, Entry::schema))
                .param("tables", texts(entries, Entry::relation))
                .query((rs, row) -> new Elsewhere(rs.getString("name"), rs.getString("table_schema")))
                .list();
        List<String> problems = new ArrayList<>();
        for (Elsewhere other : elsewhere) {
            entries.stream()
                    .filter(entry -> entry.name().equals(other.name()))
                    .forEach(entry ->
                            problems.add("registry line " + entry.line() + ": " + entry.name() + " is in schema "
                                    + other.schema() + " for the ledger \""
                                    + database.schema().name() + "\", and in "
                                    + entry.schema() + " here" + WAY + "; else name the schema in the registry"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** Writes down who works with this ledger, and warns when its last user was another registry. */
    static void register(List<Entry> entries, Database database) {
        JdbcClient sql = database.client();
        sql.sql(Database.statement("register-entries"))
                .param("names", texts(entries, Entry::name))
                .param("schemas", texts(entries, Entry::schema))
                .param("tables", texts(entries, Entry::relation))
                .update();
        sql.sql(Database.statement("register-registry"))
                .param("fingerprint", fingerprint(entries))
                .param("names", texts(entries, Entry::name))
                .param("host", hostName())
                .query((rs, row) -> {
                    LOG.warn(
                            "the ledger \"{}\" is that of another registry, too, last used on {} at {}, with {}: they share"
                                    + " schedule and hosts{}",
                            database.schema().name(),
                            rs.getString("host"),
                            rs.getTimestamp("seen").toInstant(),
                            rs.getString("entries"),
                            WAY);
                    return row;
                })
                .list();
    }

    private static String fingerprint(List<Entry> entries) {
        List<String> lines = entries.stream()
                .map(entry -> entry.name() + '\0' + entry.schema() + '\0' + entry.relation())
                .sorted()
                .toList();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] texts(List<Entry> entries, Function<Entry, String> fact) {
        return entries.stream().map(fact).toArray(String[]::new);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
