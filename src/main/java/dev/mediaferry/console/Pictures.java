package dev.mediaferry.console;

import dev.mediaferry.content.MediaType;
import dev.mediaferry.ledger.Database;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Pictures that servers have sent instead of media, as far as the ledger has kept them. */
final class Pictures {

    private final JdbcClient database;

    Pictures(Database database) {
        this.database = database.client();
    }

    boolean has(long letter) {
        return database.sql(Database.statement("console-has-answer"))
                .param("id", letter)
                .query(Boolean.class)
                .single();
    }

    Optional<Answer> of(long letter) {
        return database.sql(Database.statement("console-answer"))
                .param("id", letter)
                .query((row, number) -> row.getBytes("answer"))
                .optional()
                .flatMap(bytes -> MediaType.of(bytes).map(type -> new Answer.Picture(type.name(), bytes)));
    }
}
