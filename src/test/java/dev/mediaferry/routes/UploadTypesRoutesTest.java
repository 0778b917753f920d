package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.registry.UploadType;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a type of the registry says, as clients come to know it. */
class UploadTypesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            uploads:
              - { type: SOME, folder: some, content: [image/jpeg], max-bytes: 5MB, rollout: 30% }
              - { type: AVATAR, folder: avatars, content: [image/jpeg], max-bytes: 5MB, replace: user }
            """;

    private static final String PORT = FreePort.text();
    private static final ApiClient NOBODY = new ApiClient(Integer.parseInt(PORT), Optional.empty());
    private static final byte[] PICTURE = Pictures.jpeg(1);

    private static Engine sweeper;

    @BeforeAll
    static void start() {
        SANDBOX.api(REGISTRY, Tokens.settings(PORT));
        sweeper = SANDBOX.engine(REGISTRY);
    }

    @Test
    void opensToTheUsersThatTheRolloutHasReachedAndTellsTheOthers() {
        UploadType type = RegistryFile.parse("r", REGISTRY).upload("SOME").orElseThrow();
        String in = user(type, true);
        String out = user(type, false);

        assertThat(announce(in, "SOME").status()).isEqualTo(201);
        Answer refused = announce(out, "SOME");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("error")).isEqualTo("not-rolled-out");
        assertThat(as(out).get("/types").body().toString()).contains("\"open\":false", "\"open\":true");
        assertThat(announce(out, "AVATAR").status()).isEqualTo(201);
    }

    @Test
    void keepsOnePictureOfAUserWhenTheNextOneIsReady() {
        String first = upload("anna");
        assertThat(sweeper.sweepUploads(false).findings()).isEmpty();
        String second = upload("anna");
        String others = upload("bert");

        assertThat(sweeper.sweepUploads(false).counts()).isEqualTo(Map.of("delete replaced", 1L));

        assertThat(as("anna").get("/" + first).status()).isEqualTo(404);
        assertThat(as("anna").get("/" + second).text("status")).isEqualTo("READY");
        assertThat(as("bert").get("/" + others).status()).isEqualTo(200);
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    private static String user(UploadType type, boolean open) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> "user" + number)
                .filter(user -> type.isOpenTo(user) == open)
                .findFirst()
                .orElseThrow();
    }

    private static ApiClient as(String user) {
        return NOBODY.as(user, Map.of());
    }

    private static Answer announce(String user, String type) {
        return as(user).post(
                        "/upload-session",
                        Map.of(
                                "mediaType",
                                type,
                                "fileName",
                                "a.jpg",
                                "fileType",
                                "image/jpeg",
                                "fileSize",
                                PICTURE.length));
    }

    private static String upload(String user) {
        Answer session = announce(user, "AVATAR");
        assertThat(ApiClient.upload(session.body(), PICTURE).statusCode()).isEqualTo(200);
        String id = session.text("mediaId");
        assertThat(as(user).post("/" + id + "/complete", Map.of()).status()).isEqualTo(200);
        return id;
    }
}
