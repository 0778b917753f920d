package dev.mediaferry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the registry says of uploads. */
class UploadTypesTest {

    @Test
    void readsTypesAsTheDocumentationShowsThem() {
        Registry registry = RegistryFile.parse(
                "r",
                """
                uploads:
                  - { type: POST_IMAGE, folder: posts, content: [image/jpeg, image/png, image/webp, image/gif, image/avif, image/heic], max-bytes: { default: 20MB, pro: 100MB },
                      attach: { table: posts, id: id, user: author_id } }
                  - { type: POST_VIDEO, folder: posts, content: [video/mp4, video/quicktime, video/webm], max-bytes: 5GB }
                  - { type: PROFILE_IMAGE, folder: profiles, content: [image/jpeg, image/png, image/webp], max-bytes: 5MB, replace: user, access: public }
                """);

        UploadType image = registry.upload("POST_IMAGE").orElseThrow();
        assertThat(image.maxBytes(Optional.empty())).isEqualTo(20_000_000);
        assertThat(image.maxBytes(Optional.of("pro"))).isEqualTo(100_000_000);
        assertThat(image.maxBytes(Optional.of("unheard of"))).isEqualTo(20_000_000);
        assertThat(image.unattachedAfter()).contains(Duration.ofHours(24));
        assertThat(image.attach()).contains(new UploadType.Attach(null, "posts", "id", "author_id"));
        assertThat(image.takes("image/heic")).isTrue();
        assertThat(image.takes("image/svg+xml")).isFalse();
        UploadType video = registry.upload("POST_VIDEO").orElseThrow();
        assertThat(video.line()).isEqualTo(4);
        assertThat(video.expectsOwner()).isFalse();
        assertThat(video.cacheControl("video/mp4")).isEqualTo("public, max-age=2592000");
        assertThat(video.original()).isEqualTo(UploadType.Original.KEEP);
        UploadType profile = registry.upload("PROFILE_IMAGE").orElseThrow();
        assertThat(profile.replacedByUser()).isTrue();
        assertThat(profile.access()).isEqualTo(UploadType.Access.PUBLIC);
        assertThat(profile.cacheControl("image/png")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(registry.names()).isEmpty();
    }

    @Test
    void makesKeysThatNoUserCanLeave() {
        UploadType type = only("key: \"{type}/{user}/{timestamp}-{uuid}.{ext}\"");
        UUID id = UUID.fromString("018f0000-0000-7000-8000-000000000000");

        assertThat(type.key().key("posts", "../../etc", "POST_IMAGE", Instant.ofEpochMilli(17), id, "jpg"))
                .isEqualTo("POST_IMAGE/_2E._2F.._2Fetc/17-" + id + ".jpg");
        assertThat(only("access: public").key().key("posts", "7", "X", Instant.ofEpochMilli(17), id, "jpg"))
                .isEqualTo("posts/7/17-" + id + ".jpg");
    }

    @Test
    void servesWhatMayRunScriptsOnlyWhereItIsNamedAndAsAnAttachment() {
        UploadType type = RegistryFile.parse(
                        "r",
                        "uploads: [{ type: LOGO, folder: logos, content: [image/svg+xml, image/png], max-bytes: 1MB }]")
                .uploads()
                .get(0);

        assertThat(only("access: public").takes("image/svg+xml")).isFalse();
        assertThat(type.takes("image/svg+xml")).isTrue();
        assertThat(type.disposition("image/svg+xml")).contains("attachment");
        assertThat(type.disposition("image/png")).isEmpty();
        assertThat(UploadType.extensionOf("text/html")).contains("html");
    }

    @Test
    void keepsPrivateObjectsOutOfCaches() {
        assertThat(only("access: private").cacheControl("image/png")).isEqualTo("private, no-store");
        assertThat(only("access: private, cache: \"private, max-age=60\"").cacheControl("image/png"))
                .isEqualTo("private, max-age=60");
    }

    @Test
    void opensToAGrowingShareOfUsersWhoStayIn() {
        UploadType some = only("rollout: 10%");
        UploadType more = only("rollout: 40");

        assertThat(users().filter(some::isOpenTo).count()).isBetween(800L, 1200L);
        assertThat(users().filter(some::isOpenTo)).allMatch(more::isOpenTo);
        assertThat(users().filter(only("rollout: 0%")::isOpenTo)).isEmpty();
        assertThat(users().filter(only("access: public")::isOpenTo)).hasSize(10_000);
        assertThat(only("rollout: 0.5%").rolloutBasisPoints()).isEqualTo(50);
    }

    @Test
    void neverRemovesWhatIsToStay() {
        assertThat(only("attach: { table: posts, user: author_id }, unattached-after: never")
                        .unattachedAfter())
                .isEmpty();
        assertThat(only("attach: { table: posts, user: author_id }, replace: user")
                        .unattachedAfter())
                .isEmpty();
    }

    @Test
    void namesEveryProblemWithItsLine() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> RegistryFile.parse(
                                "r",
                                """
                                uploads:
                                  - { type: A, folder: a, content: [image/jpeg, text/plain], max-bytes: 6TB }
                                  - { type: A, folder: a, content: [image/jpeg], max-bytes: 1MB, unattached-after: 1h }
                                  - type: C
                                    folder: a
                                    content: [image/jpeg]
                                    max-bytes: { default: 1MB, pro: lots }
                                    key: "{folder}/{ext}"
                                    bucket: cold
                                    rollout: 101%
                                    attach: { table: posts, user: author_id }
                                    unattached-after: 5s
                                """))
                .withMessageContainingAll(
                        "r:2: 'text/plain' is not a type that is recognised by its first bytes",
                        "r:2: max-bytes is '6TB', but must be a size like 20MB, up to 5TB",
                        "r:3: A stands in line 2 already",
                        "r:3: unattached-after needs attach",
                        "r:7: max-bytes is 'lots'",
                        "r:8: key '{folder}/{ext}' needs {uuid}",
                        "r:9: there is no bucket cold",
                        "r:10: rollout is 101 %, but must be from 0 to 100",
                        "r:12: unattached-after is '5s'");
    }

    @Test
    void suggestsTheWordThatWasMeant() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> only("acces: private"))
                .withMessageContaining("did you mean access?");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> only("attach: { table: posts, usr: author_id }"))
                .withMessageContaining("did you mean user?");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse(
                        "r", "uploads: [{ type: A, folder: a, content: [image/png], max-bytes: { pro: 1MB } }]"))
                .withMessageContaining("default");
    }

    private static Stream<String> users() {
        return IntStream.range(0, 10_000).mapToObj(i -> "user-" + i);
    }

    private static UploadType only(String more) {
        return RegistryFile.parse(
                        "r",
                        "uploads: [{ type: POST_IMAGE, folder: posts, content: [image/jpeg, image/png, video/mp4],"
                                + " max-bytes: 1MB, " + more + " }]")
                .uploads()
                .get(0);
    }
}
