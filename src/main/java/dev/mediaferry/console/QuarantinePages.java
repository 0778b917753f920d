package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.Redaction;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.SuspectedContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bytes that many links of a host have given alike, held until somebody says whether they are a stand-in. */
final class QuarantinePages {

    private final JdbcClient database;
    private final SuspectedContent content;
    private final Pictures pictures;
    private final Acts acts;

    /**
     * Bytes that are held.
     *
     * @param letter one of the dead letters
     * @param picture a transfer that has stored the same bytes before; null when none has
     * @param kept true when the beginning of what the letter's server sent was kept
     */
    public record Held(
            String host,
            String sha256,
            long rows,
            String since,
            String field,
            String row,
            String link,
            long letter,
            Long picture,
            boolean kept) {}

    QuarantinePages(Operations operations, Acts acts) {
        this.database = operations.database().client();
        this.content = new SuspectedContent(operations.database());
        this.pictures = new Pictures(operations.database());
        this.acts = acts;
    }

    Answer show() {
        List<Held> held = content.list().stream()
                .map(one -> new Held(
                        one.host(),
                        one.sha256(),
                        one.rows(),
                        one.since(),
                        one.field(),
                        one.row(),
                        Redaction.of(one.link()),
                        one.letter(),
                        picture(one.host(), one.sha256()),
                        pictures.has(one.letter())))
                .toList();
        return new Answer.Page("quarantine", Map.of("held", held));
    }

    private Long picture(String host, String sha256) {
        return database.sql(Database.statement("console-same-bytes"))
                .param("host", host)
                .param("sha256", sha256)
                .query(Long.class)
                .optional()
                .orElse(null);
    }

    Answer act(Asked asked) {
        String host = asked.form("host").orElseThrow(() -> new ConfigurationException("name a host"));
        String sha256 = asked.form("sha256")
                .filter(digits -> digits.matches("[0-9a-f]{64}"))
                .orElseThrow(() -> new ConfigurationException("the bytes are named by 64 hexadecimal digits"));
        switch (asked.form("act").orElse("")) {
            case "release" -> {
                Map<String, Integer> unused = acts.now(
                        asked.visitor(),
                        "release-quarantine",
                        Map.of("host", host, "sha256", sha256),
                        () -> Map.of("waiting", content.accept(host, sha256)));
            }
            case "discard" -> {
                String reason = asked.form("reason")
                        .orElseThrow(
                                () -> new ConfigurationException("a discard needs a reason; it stays in the ledger"));
                Map<String, Integer> unused = acts.now(
                        asked.visitor(),
                        "discard-quarantine",
                        Map.of("host", host, "sha256", sha256, "reason", reason),
                        () -> Map.of("discarded", content.discard(Optional.of(host), sha256, reason)));
            }
            default -> throw new ConfigurationException("say release or discard");
        }
        return new Answer.Redirect(Console.ROOT + "/quarantine");
    }
}
