package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.fixture.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

class RecordMapperTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private final JdbcClient sql = client();

    record Line(
            String rowKey,
            long bytes,
            int attempts,
            double rateLimit,
            boolean asked,
            Instant deadline,
            TransferState state,
            List<String> names) {}

    record Gaps(
            String rowKey,
            Long bytes,
            Integer attempts,
            Double rateLimit,
            Boolean asked,
            Instant deadline,
            TransferState state,
            List<String> names) {}

    record Counted(long rows) {}

    record Positive(int number) {
        Positive {
            if (number < 1) {
                throw new IllegalArgumentException("number is " + number);
            }
        }
    }

    private static JdbcClient client() {
        DatabaseSettings database = DatabaseSettings.of(SANDBOX.settings()).orElseThrow();
        return JdbcClient.create(new SimpleDriverDataSource(
                new org.postgresql.Driver(), database.url(), database.user(), database.password()));
    }

    private <T extends Record> List<T> rows(String statement, Class<T> type) {
        return sql.sql(statement).query(new RecordMapper<>(type)).list();
    }

    @Test
    void readsColumnsByTheNamesOfComponentsWhateverTheirOrder() {
        assertThat(rows(
                        """
                                select 'rolled_back' as state, 4::bigint as bytes, 'more' as nobody_asks, array['a', 'b'] as names,
                                  '2026-01-02T03:04:05Z'::timestamptz as deadline, true as asked, 2::smallint as attempts,
                                  1.5::float8 as rate_limit, 'k1' as row_key
                                union all select 'waiting', 0, '', '{}', '1970-01-01T00:00:00Z', false, 0, 0, ''""",
                        Line.class))
                .containsExactlyInAnyOrder(
                        new Line(
                                "k1",
                                4,
                                2,
                                1.5,
                                true,
                                Instant.parse("2026-01-02T03:04:05Z"),
                                TransferState.ROLLED_BACK,
                                List.of("a", "b")),
                        new Line("", 0, 0, 0, false, Instant.EPOCH, TransferState.WAITING, List.of()));
    }

    @Test
    void keepsNullsApartFromZeroAndFalse() {
        assertThat(rows(
                        """
                                select null::text as row_key, null::bigint as bytes, null::int as attempts, null::float8 as rate_limit,
                                  null::boolean as asked, null::timestamptz as deadline, null::text as state, null::text[] as names""",
                        Gaps.class))
                .containsExactly(new Gaps(null, null, null, null, null, null, null, null));
    }

    @Test
    void readsWhatMayBeMissingIntoAnOptional() {
        record Dated(Optional<Instant> deadline, Optional<String> note) {}

        assertThat(rows("select '2026-01-02T03:04:05Z'::timestamptz as deadline, null::text as note", Dated.class))
                .containsExactly(new Dated(Optional.of(Instant.parse("2026-01-02T03:04:05Z")), Optional.empty()));
    }

    @Test
    void readsSumsWhichAreNumericAsNumbers() {
        assertThat(rows("select sum(n) as rows from generate_series(1::bigint, 4) as g (n)", Counted.class))
                .containsExactly(new Counted(10));
    }

    @Test
    void saysWhichColumnIsNotThere() {
        assertThatThrownBy(() -> rows("select 1 as lines", Counted.class))
                .hasStackTraceContaining("no column rows for Counted, only [lines]");
    }

    @Test
    void refusesANullThatTheRecordHasNoPlaceFor() {
        assertThatThrownBy(() -> rows("select null::bigint as rows", Counted.class))
                .hasStackTraceContaining("the column rows is null, which Counted has no place for");
    }

    @Test
    void refusesALabelThatNoConstantHas() {
        record Stated(TransferState state) {}

        assertThatThrownBy(() -> rows("select 'lost' as state", Stated.class))
                .hasStackTraceContaining("there is no TransferState lost");
    }

    @Test
    void letsTheRecordRefuseItsValues() {
        assertThatThrownBy(() -> rows("select 0 as number", Positive.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number is 0");
    }
}
