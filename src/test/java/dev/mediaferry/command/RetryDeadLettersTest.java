package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code dead-letters retry} leaves alone. */
@Tag("slow")
class RetryDeadLettersTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void triesNothingAgainThatIsNoDeadLetter() throws Exception {
        SANDBOX.photo("gone", CDN.answering(404));
        SANDBOX.migrate();
        SANDBOX.execute(
                "insert into \"Photo\" select s, 'http://127.0.0.1/' || s from unnest(array['waiting', 'claimed', 'linked',"
                        + " 'superseded', 'rolled_back', 'discarded']) s",
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, attempts, due, failure)"
                        + " select 'Photo.url', id, url, '127.0.0.1', 'photos/' || id, id, 3, now() + interval '1 hour', 'gone'"
                        + " from \"Photo\" where id <> 'gone'");
        List<Map<String, Object>> others = othersThan("gone");

        assertThat(commands.run("dead-letters", "retry", "--all")).isZero();

        assertThat(SANDBOX.outcome("gone")).isEqualTo("waiting gone");
        assertThat(others).hasSize(6);
        assertThat(othersThan("gone")).isEqualTo(others);
        assertThat(SANDBOX.transfers()).isEqualTo(7);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.attempt")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void triesOnlyWhatIsSelectedAgain() throws Exception {
        List.of("here", "elsewhere", "former").forEach(id -> SANDBOX.photo(id, CDN.answering(404)));
        SANDBOX.photo("forbidden", CDN.answering(403));
        SANDBOX.migrate();
        SANDBOX.execute(
                "update mediaferry.transfer set host = 'other.example' where row_key = 'elsewhere'",
                "update mediaferry.transfer set entry = 'Former.url' where row_key = 'former'");
        List<Map<String, Object>> others = othersThan("here");

        assertThat(commands.run("dead-letters", "retry", "--kind", "gone", "--host", "127.0.0.1"))
                .isZero();

        assertThat(SANDBOX.outcome("here")).isEqualTo("waiting gone");
        assertThat(others).hasSize(3);
        assertThat(othersThan("here")).isEqualTo(others);
    }

    private static List<Map<String, Object>> othersThan(String row) {
        return SANDBOX.sql()
                .sql("select * from mediaferry.transfer where row_key <> ? order by id")
                .param(row)
                .query()
                .listOfRows();
    }
}
