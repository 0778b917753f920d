package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SecureHost;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.settings.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Hosts with an underscore, which buckets and containers have: as database, as store, and in links, over TLS too. */
@Tag("slow")
class UnderscoredHostsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @TempDir
    private Path directory;

    @Test
    void reachesDatabaseStoreAndMedia() throws Exception {
        try (SecureHost secure = new SecureHost(
                directory, "*.cdn.test", exchange -> UnrulyCdn.send(exchange, 200, Pictures.jpeg(4711)))) {
            int tls = secure.port();
            int plain = URI.create(CDN.picture()).getPort();
            SANDBOX.photo("plain", CDN.picture().replace("127.0.0.1", "my_cdn.test"));
            SANDBOX.photo("hop", CDN.answering(302, "Location", CDN.picture().replace("127.0.0.1", "my_cdn.test")));
            SANDBOX.photo("secure", "https://my_bucket.cdn.test:" + tls + "/a.jpg");
            SANDBOX.photo("impostor", "https://my_bucket.else.test:" + tls + "/a.jpg");

            assertThat(run(secure, plain)).contains("3 of 4 rows moved");

            for (String id : new String[] {"plain", "hop", "secure"}) {
                assertThat(SANDBOX.outcome(id)).as(id).isEqualTo("linked");
                assertThat(SANDBOX.url(id)).startsWith("http://my_store:");
                assertThat(SANDBOX.keys()).contains(SANDBOX.key(SANDBOX.url(id)));
            }
            assertThat(SANDBOX.outcome("impostor")).isEqualTo("waiting unavailable");
            assertThat(SANDBOX.transfer("impostor").get("message").toString())
                    .contains("no secure connection", "my_bucket.else.test");
        }
    }

    private String run(SecureHost secure, int plain) throws Exception {
        Settings settings = SANDBOX.settings();
        URI database = URI.create(settings.text("database.url").substring("jdbc:".length()));
        URI store = URI.create(settings.text("storage.endpoint"));
        List<String> options = SANDBOX.options(
                directory.resolve("app"),
                Sandbox.REGISTRY.replace("hosts: [", "hosts: [\"*.test\", "),
                "database.url",
                "postgresql://postgres@my_db:" + database.getPort() + database.getPath(),
                "storage.endpoint",
                "http://my_store:" + store.getPort(),
                "fetch.allow-private",
                "my_cdn.test:%1$d,127.0.0.1:%1$d,my_bucket.cdn.test:%2$d,my_bucket.else.test:%2$d"
                        .formatted(plain, secure.port()));
        List<String> java =
                secure.java("my_db", "my_store", "my_cdn.test", "my_bucket.cdn.test", "my_bucket.else.test");
        try (Program program = Program.start(options, java, "migrate")) {
            assertThat(program.await(180)).as(program.err()).isEqualTo(1);
            return program.out();
        }
    }
}
