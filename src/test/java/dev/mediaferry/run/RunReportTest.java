package dev.mediaferry.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunReportTest {

    private static final FieldReport FIELD = new FieldReport(
            "T.c",
            7,
            4,
            Map.of("empty", 2L),
            Map.of("dead", 1L),
            1,
            1,
            Map.of("gone", 1L),
            4000,
            false,
            null,
            null,
            null,
            List.of());

    @Test
    void hasTheShapeThatScriptsRead() throws Exception {
        JsonNode json = json(report(false, 1, Map.of("gone", 1L), true));
        assertThat(names(json))
                .containsExactly(
                        "run",
                        "dryRun",
                        "found",
                        "migrated",
                        "skipped",
                        "left",
                        "superseded",
                        "waiting",
                        "dead",
                        "bytes",
                        "seconds",
                        "interrupted",
                        "fields");
        assertThat(names(json.at("/fields/0")))
                .containsExactly(
                        "field",
                        "found",
                        "migrated",
                        "skipped",
                        "left",
                        "superseded",
                        "waiting",
                        "dead",
                        "bytes",
                        "suspended");
        assertThat(json.at("/dead/gone").asLong()).isEqualTo(1);
        assertThat(json.at("/seconds").asDouble()).isEqualTo(1.5);
    }

    @Test
    void namesHostsAndDeadlinesOfADryRun() throws Exception {
        JsonNode json = json(new FieldReport(
                "T.c",
                1,
                0,
                Map.of(),
                Map.of(),
                0,
                1,
                Map.of(),
                0,
                false,
                null,
                Map.of("a.example", 1L),
                List.of(new FieldReport.Deadline("1", "a.example", "2026-01-01T00:00:00Z")),
                List.of("a -> b")));
        assertThat(json.at("/hosts").toString()).isEqualTo("{\"a.example\":1}");
        assertThat(json.at("/taken/0").asText()).isEqualTo("a -> b");
        assertThat(json.at("/nearestDeadlines").toString())
                .isEqualTo("[{\"id\":\"1\",\"host\":\"a.example\",\"deadline\":\"2026-01-01T00:00:00Z\"}]");
    }

    @Test
    void failsWhenSomethingWasNotMoved() {
        assertThat(report(false, 0, Map.of(), true).failed()).isFalse();
        assertThat(report(false, 1, Map.of(), true).failed()).isTrue();
        assertThat(report(false, 0, Map.of("gone", 1L), true).failed()).isTrue();
        assertThat(report(false, 0, Map.of(), false).failed()).isTrue();
    }

    @Test
    void neverFailsOnADryRun() {
        assertThat(report(true, 5, Map.of("expired", 1L), false).failed()).isFalse();
    }

    private static RunReport report(boolean dryRun, long waiting, Map<String, Long> dead, boolean adds) {
        return new RunReport(
                12,
                dryRun,
                7,
                4,
                Map.of(),
                Map.of(),
                1,
                waiting,
                dead,
                4000,
                1.5,
                false,
                adds,
                null,
                null,
                List.of(FIELD));
    }

    private static JsonNode json(Object report) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.readTree(mapper.writeValueAsString(report));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
