package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Receiver;
import dev.mediaferry.fixture.Receiver.Posted;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.webhooks.DeliveryTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who hears of what happens to media, whatever the receiver does. */
@Tag("slow")
class WebhooksRoutesTest {

    private static final byte[] KEY = "a key of more than 24 bytes".getBytes(StandardCharsets.UTF_8);

    private static final Receiver APPLICATION = new Receiver();
    private static final Receiver CDN = new Receiver();

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UploadedMedia UPLOADS = new UploadedMedia(SANDBOX);

    @BeforeAll
    static void start() {
        deliver();
    }

    @BeforeEach
    void listen() {
        APPLICATION.forget();
        CDN.forget();
        UPLOADS.engine().cases().deliveries().setTargets(EnumSet.allOf(DeliveryTarget.class));
    }

    @AfterAll
    static void close() {
        APPLICATION.close();
        CDN.close();
    }

    private static Engine deliver() {
        List<String> settings = new ArrayList<>(List.of(Tokens.settings(FreePort.text())));
        settings.addAll(List.of(
                "webhook.url",
                APPLICATION.url(),
                "webhook.secret",
                "whsec_" + Base64.getEncoder().encodeToString(KEY),
                "webhook.timeout",
                "1s",
                "cdn.purge-url",
                CDN.url(),
                "cdn.purge-header",
                "Authorization: Bearer cdn"));
        return SANDBOX.delivering(UploadedMedia.REGISTRY, settings.toArray(String[]::new));
    }

    @Test
    void tellsTheApplicationInOrderAndSigned() throws Exception {
        SANDBOX.execute("insert into post values (1, 'ann')");
        UUID id = UPLOADS.ready("POST_IMAGE", false);
        SANDBOX.execute("update mediaferry.media set cdn_url = 'https://cdn.example.com/a.jpg'");
        UPLOADS.media().attach("post", "1", "ann", List.of(id));
        UPLOADS.media().delete(id, "ann");

        await().untilAsserted(() -> assertThat(APPLICATION.types())
                .containsExactly("media.uploaded", "media.ready", "media.attached", "media.deleted"));
        for (Posted posted : APPLICATION.posted()) {
            assertThat(posted.header("webhook-signature")).isEqualTo(signature(posted));
            assertThat(posted.header("Content-Type")).isEqualTo("application/json");
            assertThat(posted.json().path("data").path("id").asText()).isEqualTo(id.toString());
            assertThat(posted.json().path("data").path("userId").asText()).isEqualTo("ann");
        }
        assertThat(APPLICATION.posted())
                .extracting(posted -> posted.header("webhook-id"))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("evt_[0-9a-f]{8}_\\d+"));
        Posted attached = APPLICATION.posted().get(2);
        assertThat(attached.json().path("data").path("ownerType").asText()).isEqualTo("post");
        assertThat(attached.json().path("data").path("ownerId").asText()).isEqualTo("1");
        Posted deleted = APPLICATION.posted().get(3);
        assertThat(deleted.json().path("data").path("urls").path(0).asText())
                .isEqualTo("https://cdn.example.com/a.jpg");
        assertThat(deleted.json().path("data").has("etag")).isFalse();
        await().untilAsserted(() -> assertThat(count("delivered")).isEqualTo(4));
    }

    @Test
    void holdsLaterEventsOfAMediumBackAndNoOtherMedium() {
        UUID first = UPLOADS.id();
        APPLICATION.answers(posted -> posted.body().contains(first.toString()) ? 500 : 204);
        UPLOADS.create(first, "POST_IMAGE", null, null);
        UPLOADS.media().uploadedAndReady(UPLOADS.verified(first));
        UUID other = UPLOADS.ready("POST_IMAGE", false);

        await().untilAsserted(() -> assertThat(of(other)).containsExactly("media.uploaded", "media.ready"));
        assertThat(of(first)).containsExactly("media.uploaded");
        await().untilAsserted(() -> assertThat(failures()).containsExactly("HTTP 500"));
        APPLICATION.answers(posted -> 204);
        makeDue();

        await().untilAsserted(
                        () -> assertThat(of(first)).containsExactly("media.uploaded", "media.uploaded", "media.ready"));
        List<Posted> both = APPLICATION.posted().stream()
                .filter(posted -> posted.type().equals("media.uploaded"))
                .filter(posted -> posted.body().contains(first.toString()))
                .toList();
        assertThat(both.get(0).header("webhook-id")).isEqualTo(both.get(1).header("webhook-id"));
        assertThat(both.get(0).body()).isEqualTo(both.get(1).body());
    }

    @Test
    void followsNoRedirect() {
        APPLICATION.answers(posted -> 302);
        UPLOADS.ready("POST_IMAGE", false);

        await().untilAsserted(() -> assertThat(failures()).containsExactly("HTTP 302, and redirects are not followed"));
        assertThat(APPLICATION.posted()).extracting(Posted::path).containsOnly("/hook");
    }

    @Test
    void doesNotWaitForAReceiverThatHangs() {
        APPLICATION.answers(posted -> 0);
        UPLOADS.ready("POST_IMAGE", false);

        await().untilAsserted(() -> assertThat(failures()).containsExactly("no answer within 1 s"));
        assertThat(count("open")).isEqualTo(2);
    }

    @Test
    void triesLaterWhenTheReceiverSaysWhen() {
        APPLICATION.answers(posted -> 429);
        UPLOADS.ready("POST_IMAGE", false);

        await().untilAsserted(() -> assertThat(failures()).containsExactly("HTTP 429"));
        assertThat(
                        number(
                                "select extract(epoch from due - now())::bigint from mediaferry.media_delivery where failure is not null"))
                .isBetween(60L, 100L);
    }

    @Test
    void givesUpAtOnceWhereTheReceiverIsGoneAndReplaysWhatWasGivenUp() {
        APPLICATION.answers(posted -> 410);
        UUID id = UPLOADS.ready("POST_IMAGE", false);
        await().untilAsserted(() -> assertThat(count("dead")).isEqualTo(2));
        APPLICATION.forget();

        assertThat(UPLOADS.engine().cases().deliveries().replay(DeliveryTarget.WEBHOOK, true, null, List.of()))
                .isEqualTo(2);

        await().untilAsserted(() -> assertThat(of(id)).containsExactly("media.uploaded", "media.ready"));
        await().untilAsserted(() -> assertThat(count("delivered")).isEqualTo(2));
    }

    @Test
    void givesUpAfterTenAttempts() {
        APPLICATION.answers(posted -> 503);
        UPLOADS.ready("POST_IMAGE", false);
        await().untilAsserted(() -> assertThat(failures()).containsExactly("HTTP 503"));
        SANDBOX.execute("update mediaferry.media_delivery set attempts = 9, due = now() where failure is not null");

        await().untilAsserted(() -> assertThat(count("dead")).isEqualTo(1));
    }

    @Test
    void deliversOnceMoreWhatAProcessHadThatDied() {
        UUID id = UPLOADS.ready("POST_IMAGE", false);
        await().untilAsserted(() -> assertThat(count("delivered")).isEqualTo(2));
        SANDBOX.execute(
                "update mediaferry.media_delivery set state = 'open', due = now(),"
                        + " lease_until = now() + interval '1 hour' where id = (select min(id) from mediaferry.media_delivery)");
        APPLICATION.forget();
        UUID other = UPLOADS.ready("POST_IMAGE", false);
        await().untilAsserted(() -> assertThat(of(other)).hasSize(2));
        assertThat(of(id)).isEmpty();

        SANDBOX.execute("update mediaferry.media_delivery set lease_until = now() where state = 'open'");

        await().untilAsserted(() -> assertThat(of(id)).containsExactly("media.uploaded"));
    }

    @Test
    void sharesTheWorkBetweenProcesses() {
        try (Engine second = deliver()) {
            assertThat(second).isNotNull();
            List<UUID> media = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                media.add(UPLOADS.ready("POST_IMAGE", false));
            }
            await().untilAsserted(() -> assertThat(count("delivered")).isEqualTo(80));
            assertThat(media).allSatisfy(id -> assertThat(of(id)).containsExactly("media.uploaded", "media.ready"));
        }
    }

    @Test
    void tellsNothingOfWhatHappenedBeforeAnybodyListened() {
        UPLOADS.engine().cases().deliveries().setTargets(EnumSet.noneOf(DeliveryTarget.class));
        UPLOADS.ready("POST_IMAGE", false);
        UPLOADS.engine().cases().deliveries().setTargets(EnumSet.of(DeliveryTarget.WEBHOOK));
        UUID later = UPLOADS.ready("POST_IMAGE", false);

        await().untilAsserted(() -> assertThat(of(later)).hasSize(2));
        assertThat(APPLICATION.posted()).hasSize(2);
    }

    @Test
    void asksTheCdnToForgetWhatIsGoneFromTheBucketAndNotBefore() {
        UUID id = UPLOADS.ready("POST_IMAGE", true);
        SANDBOX.execute("update mediaferry.media set cdn_url = 'https://cdn.example.com/a \"b\".jpg'");
        UPLOADS.media().delete(id, "ann");
        await().untilAsserted(() -> assertThat(APPLICATION.types()).contains("media.deleted"));
        assertThat(CDN.posted()).isEmpty();

        UPLOADS.sweep();

        await().untilAsserted(() -> assertThat(CDN.posted()).hasSize(1));
        Posted purge = CDN.posted().get(0);
        assertThat(purge.body()).isEqualTo("{\"files\":[\"https://cdn.example.com/a \\\"b\\\".jpg\"]}");
        assertThat(purge.header("Authorization")).isEqualTo("Bearer cdn");
        assertThat(purge.header("webhook-signature")).isNull();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    @Test
    void forgetsWhatWasDeliveredAndLaterWhatHappened() {
        UPLOADS.ready("POST_IMAGE", false);
        await().untilAsserted(() -> assertThat(count("delivered")).isEqualTo(2));
        UPLOADS.sweep();
        assertThat(count("delivered")).isEqualTo(2);
        SANDBOX.execute("update mediaferry.media_delivery set ended_at = now() - interval '8 days' where id ="
                + " (select min(id) from mediaferry.media_delivery)");
        UPLOADS.sweep();
        assertThat(count("delivered")).isEqualTo(1);
        assertThat(number("select count(*) from mediaferry.media_event")).isEqualTo(3);

        SANDBOX.execute("update mediaferry.media_event set created_at = now() - interval '401 days'");
        UPLOADS.sweep();

        assertThat(number("select count(*) from mediaferry.media_event")).isZero();
        assertThat(number("select count(*) from mediaferry.media_delivery")).isZero();
    }

    private static void makeDue() {
        SANDBOX.execute("update mediaferry.media_delivery set due = now() where state = 'open'");
    }

    private static List<String> of(UUID id) {
        return APPLICATION.posted().stream()
                .filter(posted -> posted.body().contains(id.toString()))
                .map(Posted::type)
                .toList();
    }

    private static List<String> failures() {
        return SANDBOX.sql()
                .sql("select failure from mediaferry.media_delivery where failure is not null")
                .query(String.class)
                .list();
    }

    private static long count(String state) {
        return number("select count(*) from mediaferry.media_delivery where state = '" + state + "'");
    }

    private static long number(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }

    private static String signature(Posted posted) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        String signed = posted.header("webhook-id") + "." + posted.header("webhook-timestamp") + "." + posted.body();
        assertThat(Long.parseLong(posted.header("webhook-timestamp")))
                .isCloseTo(
                        System.currentTimeMillis() / 1000,
                        org.assertj.core.api.Assertions.within(
                                Duration.ofMinutes(5).toSeconds()));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }
}
