package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What lies in the buckets, and how much that is. */
@Tag("slow")
class UsageTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void showsWhatTheObjectsTakeByEntryAndType() throws Exception {
        byte[] picture = Pictures.jpeg(1);
        SANDBOX.photo("1", CDN.serving(picture));
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("gone", CDN.answering(404));
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(2);
        SANDBOX.execute(
                "insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, object_state, shared,"
                        + " bytes, content_type) select 'Other.url', n::text, 's', 'h', 'one', 'linked', 'present', true, 70, 'image/png'"
                        + " from generate_series(1, 3) n");

        JsonNode usage = commands.json("status", "--usage", "--json");

        assertThat(usage.path("parts")).hasSize(2);
        JsonNode shared = usage.path("parts").path(0);
        assertThat(shared.path("entry").asText()).isEqualTo("Other.url");
        assertThat(shared.path("objects").asInt()).isEqualTo(1);
        assertThat(shared.path("rows").asInt()).isEqualTo(3);
        assertThat(shared.path("bytes").asInt()).isEqualTo(70);
        JsonNode photos = usage.path("parts").path(1);
        assertThat(photos.path("type").asText()).isEqualTo("image/jpeg");
        assertThat(photos.path("objects").asInt()).isEqualTo(2);
        assertThat(photos.path("bytes").asLong()).isGreaterThan(picture.length);
        assertThat(usage.path("bytes").asLong()).isEqualTo(photos.path("bytes").asLong() + 70);
        assertThat(commands.run("status", "--usage")).isZero();
        assertThat(commands.out()).contains("image/jpeg", "3 objects");
        assertThat(commands.run("status", "--usage", "--invalid")).isEqualTo(2);
    }
}
