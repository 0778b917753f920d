package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 95 of 100 links are moved within a day after their record was made, and none is left after 60. */
@Tag("slow")
class PromiseTest {

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Shot, column: url, folder: shots, created: taken }
            """;

    private static final String LAST_WEEK = "now() - interval '7 days'";
    private static final String LONG_AGO = "now() - interval '61 days'";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("schedule", "0 0 3 1 1 ? 2099");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, REGISTRY);

    @Test
    void isCountedFromWhenTheRecordWasMade() throws Exception {
        SANDBOX.execute("create table if not exists \"Shot\" (id text primary key, url text, taken timestamptz)");
        shot("today", CDN.picture(), "now() - interval '1 hour'");
        shot("in time", CDN.picture(), LAST_WEEK);
        shot("late", CDN.picture(), LAST_WEEK);
        shot("dead", CDN.answering(404), LAST_WEEK);
        shot("dead for long", CDN.answering(404), LONG_AGO);
        shot("moved at last", CDN.picture(), LONG_AGO);
        assertThat(commands.run("migrate")).isEqualTo(1);
        SANDBOX.execute("update mediaferry.transfer set updated = made + interval '5 hours' where row_key = 'in time'");
        shot("not seen", CDN.picture(), LAST_WEEK);
        shot("not seen for long", CDN.picture(), LONG_AGO);
        shot("nobody knows", CDN.picture(), "'infinity'");

        JsonNode promise = promise();

        assertThat(promise.path("due").asInt()).isEqualTo(4);
        assertThat(promise.path("inTime").asInt()).isEqualTo(1);
        assertThat(promise.path("percent").asDouble()).isEqualTo(25.0);
        assertThat(promise.path("overdue").asInt()).isEqualTo(2);
        assertThat(commands.run("status")).isZero();
        assertThat(commands.out()).contains("WITHIN 24 H", "OVER 60 D", "25.0 %");
    }

    @Test
    void isCountedFromWhenARunSawTheLinkWhereNothingTells() throws Exception {
        SANDBOX.execute("create table if not exists \"Shot\" (id text primary key, url text, taken timestamptz)");
        shot("in time", CDN.picture(), "null");
        shot("late", CDN.picture(), "null");
        shot("dead", CDN.answering(404), "null");
        assertThat(commands.run("migrate")).isEqualTo(1);
        assertThat(promise().path("due").asInt()).isZero();
        assertThat(promise().path("percent").isNull()).isTrue();
        SANDBOX.execute(
                "update mediaferry.transfer set created = now() - interval '3 days'",
                "update mediaferry.transfer set updated = now() - interval '2 days 12 hours' where row_key = 'in time'");

        assertThat(promise().path("due").asInt()).isEqualTo(3);
        assertThat(promise().path("inTime").asInt()).isEqualTo(1);
        assertThat(promise().path("percent").asDouble()).isEqualTo(33.3);
        SANDBOX.execute("update mediaferry.transfer set created = now() - interval '61 days'");
        assertThat(promise().path("due").asInt()).isZero();
        assertThat(promise().path("overdue").asInt()).isEqualTo(1);
    }

    private JsonNode promise() throws Exception {
        return commands.json("status", "--json").path("fields").path(0).path("promise");
    }

    private static void shot(String id, String url, String taken) {
        SANDBOX.sql()
                .sql("insert into \"Shot\" values (?, ?, " + taken + ")")
                .params(id, url)
                .update();
    }
}
