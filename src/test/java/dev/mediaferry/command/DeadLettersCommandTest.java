package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class DeadLettersCommandTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void listsWhatWasGivenUpAndWhetherItIsStale() throws Exception {
        SANDBOX.photo("gone", CDN.answering(404));
        SANDBOX.photo("stale", CDN.answering(403));
        SANDBOX.photo("moved", CDN.picture());
        SANDBOX.migrate();
        SANDBOX.execute("update \"Photo\" set url = 'mine' where id = 'stale'");

        JsonNode letters = commands.json("dead-letters", "--json");

        assertThat(letters.path("total").asInt()).isEqualTo(2);
        JsonNode gone = letter(letters, "gone");
        assertThat(gone.path("id").asLong()).isEqualTo(id("gone"));
        assertThat(gone.path("field").asText()).isEqualTo("Photo.url");
        assertThat(gone.path("kind").asText()).isEqualTo("gone");
        assertThat(gone.path("host").asText()).isEqualTo("127.0.0.1");
        assertThat(gone.path("attempts").asInt()).isEqualTo(1);
        assertThat(gone.path("message").asText()).contains("HTTP 404");
        assertThat(Instant.parse(gone.path("since").asText())).isBefore(Instant.now());
        assertThat(gone.path("stale").asBoolean()).isFalse();
        assertThat(letter(letters, "stale").path("stale").asBoolean()).isTrue();
    }

    @Test
    void listsWhatFitsAllThatIsNamedUpToALimit() throws Exception {
        for (int i = 0; i < 5; i++) {
            SANDBOX.photo("gone" + i, CDN.answering(404));
        }
        SANDBOX.photo("forbidden", CDN.answering(403));
        SANDBOX.migrate();
        SANDBOX.execute("update mediaferry.transfer set host = 'other.example' where row_key = 'gone0'");

        JsonNode gone = commands.json("dead-letters", "--kind", "gone", "--limit", "2", "--json");
        assertThat(gone.path("total").asInt()).isEqualTo(5);
        assertThat(gone.path("deadLetters")).hasSize(2);
        JsonNode other = commands.json("dead-letters", "--kind", "gone", "--host", "Other.example", "--json");
        assertThat(other.path("deadLetters").findValuesAsText("row")).containsExactly("gone0");
        assertThat(commands.json("dead-letters", "--field", "Photo.url", "--json")
                        .path("total")
                        .asInt())
                .isEqualTo(6);
        assertThat(commands.run("dead-letters", "--limit", "0")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsEveryAttemptWithWhatTheServerAnswered() throws Exception {
        String link = CDN.link((exchange, request) -> {
            if (request == 1) {
                UnrulyCdn.send(exchange, 500, new byte[0]);
            } else {
                UnrulyCdn.send(exchange, 200, "<!DOCTYPE html><p>Hi".getBytes(StandardCharsets.UTF_8));
            }
        });
        SANDBOX.photo("1", link);
        SANDBOX.migrate();

        JsonNode history = commands.json("dead-letters", "show", Long.toString(id("1")), "--json");

        assertThat(history.path("state").asText()).isEqualTo("dead");
        assertThat(history.path("source").asText()).isEqualTo(link);
        JsonNode attempts = history.path("attempts");
        assertThat(attempts.findValuesAsText("kind")).containsExactly("unavailable", "not-media");
        assertThat(attempts.findValuesAsText("number")).containsExactly("1", "2");
        assertThat(attempts.findValuesAsText("httpStatus")).containsExactly("500", "200");
        assertThat(attempts.path(0).path("message").asText()).contains("HTTP 500");
        assertThat(attempts.path(1).path("millis").isNumber()).isTrue();
        assertThat(Instant.parse(attempts.path(0).path("ended").asText()))
                .isBefore(Instant.parse(attempts.path(1).path("ended").asText()));
    }

    @Test
    void hasALetterTriedAgainFromItsFirstAttemptOn() throws Exception {
        SANDBOX.photo(
                "1",
                CDN.link((exchange, request) ->
                        UnrulyCdn.send(exchange, request == 1 ? 404 : request == 2 ? 500 : 200, Pictures.jpeg(1))));
        SANDBOX.photo("2", CDN.answering(403));
        SANDBOX.migrate();
        SANDBOX.execute("update mediaferry.transfer set attempts = 29 where row_key = '1'");

        assertThat(commands.run("dead-letters", "retry", Long.toString(id("1"))))
                .isZero();

        assertThat(SANDBOX.outcome("1")).startsWith("waiting");
        assertThat(SANDBOX.outcome("2")).isEqualTo("dead forbidden");
        RunReport report = SANDBOX.migrate();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(report.adds()).isTrue();
        assertThat(SANDBOX.transfer("1")).containsEntry("state", "linked").containsEntry("attempts", 2);
    }

    @Test
    void endsAStaleLetterInsteadOfTryingItAgain() throws Exception {
        String link = CDN.answering(404);
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        SANDBOX.execute("update \"Photo\" set url = 'mine' where id = '1'");

        JsonNode done = commands.json("dead-letters", "retry", "--all", "--json");

        assertThat(done.path("retried").asInt()).isZero();
        assertThat(done.path("superseded").asInt()).isEqualTo(1);
        assertThat(SANDBOX.outcome("1")).startsWith("superseded");
        SANDBOX.migrate();
        assertThat(CDN.requests(link)).isEqualTo(1);
        assertThat(SANDBOX.url("1")).isEqualTo("mine");
    }

    @Test
    void neverPlansADiscardedLinkAgainButANewOneOfTheSameRow() throws Exception {
        String link = CDN.answering(404);
        SANDBOX.photo("1", link);
        SANDBOX.migrate();

        assertThat(commands.run("dead-letters", "discard", "--kind", "gone", "--reason", "lost for good"))
                .isZero();
        JsonNode act =
                commands.json("acts", "--limit", "1", "--json").path("acts").path(0);
        assertThat(act.path("act").asText()).isEqualTo("discard-dead-letters");
        assertThat(act.path("from").asText()).isEqualTo("command");
        assertThat(act.path("outcome").path("discarded").asInt()).isEqualTo(1);

        assertThat(SANDBOX.transfer("1")).containsEntry("state", "discarded").containsEntry("reason", "lost for good");
        RunReport after = SANDBOX.migrate();
        assertThat(after.found()).isZero();
        assertThat(after.left()).containsEntry("discarded", 1L).doesNotContainKey("dead");
        assertThat(CDN.requests(link)).isEqualTo(1);
        JsonNode field = commands.json("status", "--json").path("fields").path(0);
        assertThat(field.path("dead")).isEmpty();
        assertThat(field.path("pending").asInt()).isZero();
        assertThat(commands.json("dead-letters", "--json").path("total").asInt())
                .isZero();
        assertThat(commands.json("dead-letters", "show", Long.toString(id("1")), "--json")
                        .path("reason")
                        .asText())
                .isEqualTo("lost for good");

        SANDBOX.execute("update \"Photo\" set url = '" + CDN.picture() + "' where id = '1'");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
    }

    @Test
    void removesWhatADiscardedLetterMayHaveStored() throws Exception {
        SANDBOX.photo("1", CDN.answering(404));
        SANDBOX.migrate();
        String key = SANDBOX.transfer("1").get("object_key").toString().replace("{ext}", "jpg");
        SANDBOX.putOurs(key, id("1"), Pictures.jpeg(1));
        SANDBOX.execute("update mediaferry.transfer set object_state = 'unknown'");
        SANDBOX.migrate();
        assertThat(SANDBOX.keys()).containsExactly(key);

        assertThat(commands.run("dead-letters", "discard", "--all", "--reason", "not needed"))
                .isZero();
        SANDBOX.migrate();
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(SANDBOX.transfer("1")).containsEntry("state", "discarded").containsEntry("object_state", "removed");
    }

    @Test
    void namesTheNearestOfWhatDoesNotExist() throws Exception {
        SANDBOX.photo("1", CDN.answering(404));
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.migrate();

        assertThat(commands.run("dead-letters", "--kind", "gon", "--field", "Foto.url"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(commands.err()).contains("no kind of failure gon; did you mean gone?");
        assertThat(commands.err()).contains("no field Foto.url; did you mean Photo.url?");
        assertThat(commands.run("dead-letters", "retry", "999999", Long.toString(id("2"))))
                .isEqualTo(ExitCode.USAGE);
        assertThat(commands.err()).contains("no dead letter 999999; the nearest is " + id("1"));
        assertThat(commands.err()).contains("transfer " + id("2") + " is no dead letter but linked");
        assertThat(commands.run("dead-letters", "show", "999999")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysThatNothingIsSelected() throws Exception {
        SANDBOX.engine();
        assertThat(commands.run("dead-letters", "retry", "--kind", "gone")).isZero();
        assertThat(commands.out()).contains("No dead letters are selected.");
        assertThat(commands.run("dead-letters", "discard", "--all", "--reason", "x"))
                .isZero();
        assertThat(commands.out()).contains("No dead letters are selected.");
        assertThat(commands.run("dead-letters")).isZero();
        assertThat(commands.out()).contains("No dead letters.");
    }

    @Test
    void takesNoSelectionForNothingRatherThanForEverything() throws Exception {
        SANDBOX.photo("1", CDN.answering(404));
        SANDBOX.migrate();
        assertThat(commands.run("dead-letters", "retry")).isEqualTo(ExitCode.USAGE);
        assertThat(commands.run("dead-letters", "retry", "--all", "--kind", "gone"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(commands.run("dead-letters", "--kind", "forbidden", "retry", "--all"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(commands.run("dead-letters", "discard", "--all")).isEqualTo(ExitCode.USAGE);
        assertThat(commands.run("dead-letters", "discard", "--all", "--reason", " "))
                .isEqualTo(ExitCode.USAGE);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead gone");
    }

    @Test
    void letsNoTextFromOutsideSteerTheTerminal() throws Exception {
        SANDBOX.photo("row\u001b[2J", CDN.answering(404));
        SANDBOX.migrate();
        assertThat(commands.run("dead-letters")).isZero();
        assertThat(commands.out()).contains("row?[2J").doesNotContain("\u001b");
    }

    private static long id(String row) {
        return (Long) SANDBOX.transfer(row).get("id");
    }

    private static JsonNode letter(JsonNode letters, String row) {
        for (JsonNode letter : letters.path("deadLetters")) {
            if (letter.path("row").asText().equals(row)) {
                return letter;
            }
        }
        throw new AssertionError("no letter of row " + row + " in " + letters);
    }
}
