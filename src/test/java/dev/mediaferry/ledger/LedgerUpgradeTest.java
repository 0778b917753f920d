package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A ledger that an earlier version has filled. */
@Tag("slow")
class LedgerUpgradeTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void keepsTheLastFailureOfWhatWasGivenUpBeforeAttemptsWereRecorded() {
        Flyway.configure()
                .dataSource(
                        SANDBOX.settings().text("database.url"),
                        "postgres",
                        SANDBOX.settings().text("database.password"))
                .defaultSchema(LedgerSchema.USUAL)
                .createSchemas(true)
                .table("schema_history")
                .locations("classpath:db/migration")
                .target("2")
                .load()
                .migrate();
        String link = CDN.picture();
        SANDBOX.photo("1", link);
        SANDBOX.sql()
                .sql(
                        "insert into mediaferry.transfer (entry, row_key, source, host, state, attempts, object_key, failure,"
                                + " message) values ('Photo.url', '1', ?, '127.0.0.1', 'dead', 3, 'photos/1/x.{ext}', 'gone', 'HTTP 404')")
                .param(link)
                .update();

        assertThat(SANDBOX.migrate().found()).isZero();

        Map<String, Object> attempt =
                SANDBOX.sql().sql("select * from mediaferry.attempt").query().singleRow();
        assertThat(attempt)
                .containsEntry("transfer", SANDBOX.transfer("1").get("id"))
                .containsEntry("number", 3)
                .containsEntry("failure", "gone")
                .containsEntry("message", "HTTP 404")
                .containsEntry("millis", null);
        SANDBOX.execute("delete from mediaferry.transfer");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
    }
}
