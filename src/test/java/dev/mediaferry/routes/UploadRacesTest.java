package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.model.Grant;

/** What others do while an upload is completed, and who may read what became of it. */
class UploadRacesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.acl", "public-read");

    private static final String REGISTRY =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB }
              - { type: SECRET_IMAGE, folder: secrets, content: [image/jpeg], max-bytes: 20MB, access: private }
            """;

    private static final String PORT = FreePort.text();
    private static final ApiClient ANNA = new ApiClient(Integer.parseInt(PORT), Optional.empty()).as("anna", Map.of());
    private static final byte[] PICTURE = Pictures.jpeg(1);

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, Stream.of(Tokens.settings(PORT)).toArray(String[]::new));
    }

    @Test
    void leavesNoObjectOfAMediumThatIsDeletedAndSweptWhileItIsCompleted() throws Exception {
        Engine sweeps = SANDBOX.engine(REGISTRY);
        Answer session = uploaded("POST_IMAGE");
        String id = session.text("mediaId");
        try (Connection connection = SANDBOX.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from mediaferry.media where id = '" + id + "' for update");
            CompletableFuture<Answer> completed =
                    CompletableFuture.supplyAsync(() -> ANNA.post("/" + id + "/complete", Map.of()));
            await().until(() -> SANDBOX.keys().contains(session.text("storageKey")));
            statement.execute("delete from mediaferry.media where id = '" + id + "'");
            statement.execute("update mediaferry.media_deleted set settled_at = now()");
            connection.commit();
            assertThat(completed.join().status()).isEqualTo(404);
        }

        sweeps.sweepUploads(false);

        assertThat(SANDBOX.keys()).doesNotContain(session.text("storageKey"));
    }

    @Test
    void letsNobodyReadWhatIsPrivateAlthoughTheBucketsOtherObjectsAreOpen() {
        assertThat(readers("POST_IMAGE")).anyMatch(grant -> grant.grantee().uri() != null);
        assertThat(readers("SECRET_IMAGE")).noneMatch(grant -> grant.grantee().uri() != null);
    }

    private static Stream<Grant> readers(String type) {
        Answer session = uploaded(type);
        assertThat(ANNA.post("/" + session.text("mediaId") + "/complete", Map.of())
                        .status())
                .isEqualTo(200);
        return SANDBOX
                .bucket()
                .getObjectAcl(request -> request.bucket(SANDBOX.bucketName()).key(session.text("storageKey")))
                .grants()
                .stream();
    }

    private static Answer uploaded(String type) {
        Answer session = ANNA.post(
                "/upload-session", Map.of("mediaType", type, "fileType", "image/jpeg", "fileSize", PICTURE.length));
        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(200);
        return session;
    }
}
