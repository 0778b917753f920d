package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedSessionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://aws-0-eu.pooler.supabase.com:6543/postgres?password=s3cr3t | port 5432 instead of 6543 (Supabase: session mode)",
                "jdbc:postgresql://ep-blue-1-pooler.eu.aws.neon.tech/app?sslmode=require | jdbc:postgresql://ep-blue-1.eu.aws.neon.tech/app (Neon: the host without -pooler)",
                "jdbc:postgresql://db.example:6432/app | the database's own address, or a pooler in session mode (PgBouncer: pool_mode=session)",
            })
    void namesWhatToUseInsteadOfATransactionPool(String url, String instead) {
        assertThat(SharedSessions.refusal(new DatabaseSettings(url, null, null)))
                .hasMessageContaining("Use " + instead)
                .hasMessageStartingWith("mediaferry.database.url: at ")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("s3cr3t"));
    }
}
