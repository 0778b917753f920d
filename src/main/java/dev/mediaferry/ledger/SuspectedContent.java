package dev.mediaferry.ledger;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bytes that are held since many different links of a host gave them, and what operators have said of them. */
public final class SuspectedContent {

    private final JdbcClient database;

    /**
     * Bytes that are held.
     *
     * @param rows dead letters
     * @param since in ISO 8601
     * @param field of one of the rows
     * @param row its id
     * @param link what it was asked from, signature included
     * @param letter number of this row's dead letter
     */
    public record Suspect(
            String host, String sha256, long rows, String since, String field, String row, String link, long letter) {}

    public SuspectedContent(Database database) {
        this.database = database.client();
    }

    /** @return the most frequent ones first */
    public List<Suspect> list() {
        return database.sql(Database.statement("suspected-content"))
                .query((rs, row) -> new Suspect(
                        rs.getString("host"),
                        rs.getString("sha256"),
                        rs.getLong("rows"),
                        rs.getTimestamp("since").toInstant().toString(),
                        rs.getString("entry"),
                        rs.getString("row_key"),
                        rs.getString("url"),
                        rs.getLong("letter")))
                .list();
    }

    public boolean isAccepted(String host, String sha256) {
        return database.sql(Database.statement("is-accepted-content"))
                .param("host", host)
                .param("sha256", sha256)
                .query(Boolean.class)
                .single();
    }

    /**
     * Lets these bytes through from now on, and puts their dead letters back into the queue. Runs under way hear of it within
     * some seconds.
     *
     * @param sha256 64 hexadecimal digits in lower case
     * @return how many dead letters wait again
     */
    public int accept(String host, String sha256) {
        return database.sql(Database.statement("accept-content"))
                .param("host", host)
                .param("sha256", sha256)
                .update();
    }

    /**
     * Makes the dead letters of these bytes final.
     *
     * @param host empty for all
     * @param sha256 64 hexadecimal digits in lower case
     * @param reason becomes their message
     * @return how many there were
     */
    public int discard(Optional<String> host, String sha256, String reason) {
        return database.sql(Database.statement("discard-content"))
                .param("host", host.orElse(null))
                .param("sha256", sha256)
                .param("reason", reason)
                .update();
    }
}
