package dev.mediaferry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.ferry.Reservation;
import dev.mediaferry.ferry.StoredObjects.KeyUse;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.ledger.DatabaseSettings;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** What goes into the statements of routes, and what comes out. */
class StatementsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static DefaultCamelContext context;
    private static ProducerTemplate template;

    record Range(int first, int last) {}

    record Step(int number, String rowKey) {}

    @BeforeAll
    static void start() {
        SANDBOX.engine();
        DatabaseSettings database = DatabaseSettings.of(SANDBOX.settings()).orElseThrow();
        Statements statements = new Statements()
                .add("removals", Reservation.class)
                .rows(KeyUse.class)
                .add("steps", Range.class, StatementsTest::steps, StatementsTest::ends)
                .rows(Step.class)
                .add("nameless", Range.class, StatementsTest::steps, StatementsTest::ends);
        context = new DefaultCamelContext();
        context.addComponent(
                "sql",
                statements.component(new SimpleDriverDataSource(
                        new org.postgresql.Driver(), database.url(), database.user(), database.password())));
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterAll
    static void stop() {
        context.stop();
    }

    private static String steps(Range range) {
        return "select n as number, 'k' || n as row_key from generate_series(:#first::int, :#last::int) as s (n) order by 1";
    }

    private static Map<String, Object> ends(Range range) {
        return Map.of("first", range.first(), "last", range.last());
    }

    @Test
    void makesRecordsOfRows() {
        assertThat(template.requestBody("sql:steps", new Range(2, 3)))
                .isEqualTo(List.of(new Step(2, "k2"), new Step(3, "k3")));
    }

    @Test
    void makesARecordOfTheOnlyRow() {
        assertThat(template.requestBody("sql:steps?outputType=SelectOne", new Range(2, 2)))
                .isEqualTo(new Step(2, "k2"));
    }

    @Test
    void takesParametersFromTheComponentsOfARecord() {
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, shared, sha256)"
                        + " values ('Photo.url', '1', 'http://h/1', 'h', 'photos/a.jpg', 'linked', true, 'theirs')");
        assertThat(template.requestBody(
                        "sql:classpath:sql/removals.sql?outputType=SelectOne",
                        new Reservation(7, 1, "photos/a.jpg", null, "ours")))
                .isEqualTo(new KeyUse(0, 1));
    }

    @Test
    void refusesRowsThatNoRecordIsNamedFor() {
        assertThatExceptionOfType(CamelExecutionException.class)
                .isThrownBy(() -> template.requestBody("sql:nameless", new Range(1, 2)))
                .havingRootCause()
                .withMessage("the statement nameless answers rows, and no record is named for them");
    }

    @Test
    void leavesTheBodyWhereNobodyWantsTheRows() {
        assertThat(template.requestBody("sql:nameless?noop=true", new Range(1, 2)))
                .isEqualTo(new Range(1, 2));
    }
}
