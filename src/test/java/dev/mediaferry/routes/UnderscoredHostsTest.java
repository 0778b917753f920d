package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.settings.Settings;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Hosts with an underscore, which buckets and containers have: as database, as store, and in links, over TLS too. */
@Tag("slow")
class UnderscoredHostsTest {

    private static final String PASSWORD = "changeit";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @TempDir
    private Path directory;

    @Test
    void reachesDatabaseStoreAndMedia() throws Exception {
        Path keys = certificate("*.cdn.test");
        HttpsServer secure = secure(keys);
        try {
            int tls = secure.getAddress().getPort();
            int plain = URI.create(CDN.picture()).getPort();
            SANDBOX.photo("plain", CDN.picture().replace("127.0.0.1", "my_cdn.test"));
            SANDBOX.photo("hop", CDN.answering(302, "Location", CDN.picture().replace("127.0.0.1", "my_cdn.test")));
            SANDBOX.photo("secure", "https://my_bucket.cdn.test:" + tls + "/a.jpg");
            SANDBOX.photo("impostor", "https://my_bucket.else.test:" + tls + "/a.jpg");

            assertThat(run(keys, plain, tls)).contains("3 of 4 rows moved");

            for (String id : new String[] {"plain", "hop", "secure"}) {
                assertThat(SANDBOX.outcome(id)).as(id).isEqualTo("linked");
                assertThat(SANDBOX.url(id)).startsWith("http://my_store:");
                assertThat(SANDBOX.keys()).contains(SANDBOX.key(SANDBOX.url(id)));
            }
            assertThat(SANDBOX.outcome("impostor")).isEqualTo("waiting unavailable");
            assertThat(SANDBOX.transfer("impostor").get("message").toString())
                    .contains("no secure connection", "my_bucket.else.test");
        } finally {
            secure.stop(0);
        }
    }

    private String run(Path keys, int plain, int tls) throws Exception {
        Settings settings = SANDBOX.settings();
        URI database = URI.create(settings.text("database.url").substring("jdbc:".length()));
        URI store = URI.create(settings.text("storage.endpoint"));
        Path hosts = Files.writeString(
                directory.resolve("hosts"),
                "127.0.0.1 localhost my_db my_store my_cdn.test my_bucket.cdn.test my_bucket.else.test\n");
        List<String> options = SANDBOX.options(
                directory.resolve("app"),
                Sandbox.REGISTRY.replace("hosts: [", "hosts: [\"*.test\", "),
                "database.url",
                "postgresql://postgres@my_db:" + database.getPort() + database.getPath(),
                "storage.endpoint",
                "http://my_store:" + store.getPort(),
                "fetch.allow-private",
                "my_cdn.test:%1$d,127.0.0.1:%1$d,my_bucket.cdn.test:%2$d,my_bucket.else.test:%2$d"
                        .formatted(plain, tls));
        List<String> java = List.of(
                "-Djdk.net.hosts.file=" + hosts,
                "-Djavax.net.ssl.trustStore=" + keys,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
        try (Program program = Program.start(options, java, "migrate")) {
            assertThat(program.await(180)).as(program.err()).isEqualTo(1);
            return program.out();
        }
    }

    private Path certificate(String name) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "cdn",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=cdn",
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keys).as(said).exists();
        return keys;
    }

    private static HttpsServer secure(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(4711));
            exchange.close();
        });
        // Its dispatcher would wait for a client that hangs up in the middle of a greeting.
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "secure-server");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return server;
    }
}
