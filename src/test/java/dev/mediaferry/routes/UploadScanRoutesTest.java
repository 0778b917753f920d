package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.LyingScanner;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.RealClamd;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** No upload passes that a scanner has not called clean. */
@Tag("slow")
class UploadScanRoutesTest {

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
            """;

    private static final LyingScanner SCANNER = new LyingScanner();

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("scan.clamd", "127.0.0.1:" + SCANNER.port());

    private static final String PORT = FreePort.text();
    private static final byte[] PICTURE = Pictures.jpeg(1);

    private static Engine sweeps;

    private final ApiClient anna = client(PORT);

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
        sweeps = SANDBOX.engine(REGISTRY);
    }

    @AfterAll
    static void close() throws IOException {
        SCANNER.close();
    }

    @Test
    void promotesWhatIsClean() {
        SCANNER.says("stream: OK");
        Answer session = upload(anna, PICTURE);

        assertThat(complete(anna, session).text("status")).isEqualTo("READY");
        assertThat(SCANNER.received()).isGreaterThanOrEqualTo(PICTURE.length);
    }

    @Test
    void failsWhatIsInfectedAndKeepsItWhereNobodyGetsIt() {
        SCANNER.says("stream: Eicar-Test-Signature FOUND");
        Answer session = upload(anna, PICTURE);

        Answer refused = complete(anna, session);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).isEqualTo("the upload is infected: Eicar-Test-Signature");
        assertThat(failure(session)).isEqualTo("infected");
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 day'");
        sweeps.sweepUploads(false);
        assertThat(SANDBOX.keys()).singleElement().asString().startsWith("incoming/");
    }

    @Test
    void waitsWhileTheScannerIsAwayAndGoesOnByItself() {
        SCANNER.says("");
        Answer session = upload(anna, PICTURE);

        Answer waiting = complete(anna, session);

        assertThat(waiting.status()).isEqualTo(202);
        assertThat(waiting.text("status")).isEqualTo("PENDING");
        sweeps.sweepUploads(false);
        assertThat(anna.get("/" + session.text("mediaId")).text("status")).isEqualTo("PENDING");
        SANDBOX.execute("update mediaferry.upload_session set expires_at = now() - interval '1 hour'");
        sweeps.sweepUploads(false);
        assertThat(anna.get("/" + session.text("mediaId")).text("status")).isEqualTo("PENDING");
        SCANNER.says("stream: OK");

        sweeps.sweepUploads(false);

        assertThat(anna.get("/" + session.text("mediaId")).text("status")).isEqualTo("READY");
    }

    @Test
    void findsTheTestFileOfEicarByARealClamd(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(RealClamd.installed(), "clamd is not installed (Debian: apt-get install clamav-daemon)");
        try (RealClamd clamd = RealClamd.start(directory)) {
            String port = FreePort.text();
            List<String> settings = new ArrayList<>(List.of(Tokens.settings(port)));
            settings.addAll(List.of("scan.clamd", clamd.authority()));
            SANDBOX.api(REGISTRY, settings.toArray(String[]::new));
            ApiClient client = client(port);
            byte[] infected = Arrays.copyOf(PICTURE, PICTURE.length + RealClamd.EICAR.length);
            System.arraycopy(RealClamd.EICAR, 0, infected, PICTURE.length, RealClamd.EICAR.length);

            Answer clean = upload(client, PICTURE);
            assertThat(complete(client, clean).text("status")).isEqualTo("READY");
            Answer session = upload(client, infected);
            assertThat(complete(client, session).text("detail")).contains("infected: Eicar-Test-Signature");
            assertThat(failure(session)).isEqualTo("infected");
        }
    }

    private static ApiClient client(String port) {
        return new ApiClient(Integer.parseInt(port), Optional.empty()).as("anna", Map.of());
    }

    private static Answer upload(ApiClient client, byte[] bytes) {
        Answer session = client.post(
                "/upload-session",
                Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", bytes.length));
        assertThat(ApiClient.upload(session.body(), bytes).statusCode()).isEqualTo(200);
        return session;
    }

    private static Answer complete(ApiClient client, Answer session) {
        return client.post("/" + session.text("mediaId") + "/complete", Map.of());
    }

    private static String failure(Answer session) {
        return SANDBOX.sql()
                .sql("select failure from mediaferry.media where id = ?::uuid")
                .param(session.text("mediaId"))
                .query(String.class)
                .single();
    }
}
