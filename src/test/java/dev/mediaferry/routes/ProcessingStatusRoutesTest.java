package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.ApiClient;
import dev.mediaferry.fixture.ApiClient.Answer;
import dev.mediaferry.fixture.EventStream;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who waits for a medium hears of it, when it happens. */
@Tag("slow")
class ProcessingStatusRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PORT = Integer.parseInt(FreePort.text());
    private static final ApiClient NOBODY = new ApiClient(PORT, Optional.empty());
    private static final ApiClient ANNA = NOBODY.as("anna", Map.of());
    private static final byte[] PICTURE = Pictures.jpeg(1);

    @BeforeAll
    static void start() {
        SANDBOX.api(UploadDoorTest.REGISTRY, Tokens.settings(Integer.toString(PORT)));
    }

    @Test
    void answersOnceWhoDoesNotListen() {
        String id = announce().text("mediaId");
        assertThat(ANNA.get("/" + id + "/processing-status").body())
                .isEqualTo(ANNA.get("/" + id + "/status").body());
    }

    @Test
    void tellsEachChangeWhenItHappensAndEndsWithTheLast() throws Exception {
        Answer session = announce();
        String id = session.text("mediaId");
        try (EventStream events = listen("anna", id)) {
            Awaitility.await().atMost(SOON).until(() -> events.data().size() == 1);
            assertThat(events.lines()).contains("HTTP/1.1 200 OK", "content-type: text/event-stream", "event: status");
            assertThat(events.data().get(0)).contains("\"phase\":\"PENDING\"");
            ApiClient.upload(session.body(), PICTURE);
            ANNA.post("/" + id + "/complete", Map.of());
            Awaitility.await().atMost(SOON).until(events::hasEnded);
            assertThat(events.data().get(events.data().size() - 1)).contains("\"status\":\"READY\"");
        }
        try (EventStream late = listen("anna", id)) {
            Awaitility.await().atMost(SOON).until(late::hasEnded);
            assertThat(late.data()).hasSize(1).first().asString().contains("READY");
        }
    }

    @Test
    void tellsWhyAMediumFailedAndThatItIsDeleted() throws Exception {
        String failing = announce().text("mediaId");
        String deleted = announce().text("mediaId");
        try (EventStream one = listen("anna", failing);
                EventStream other = listen("anna", deleted)) {
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> one.data().size() == 1 && other.data().size() == 1);
            ANNA.post("/" + failing + "/cancel", Map.of());
            SANDBOX.execute("delete from mediaferry.media where id = '" + deleted + "'");
            Awaitility.await().atMost(SOON).until(() -> one.hasEnded() && other.hasEnded());
            assertThat(one.data().get(1)).contains("\"failure\":\"cancelled\"");
            assertThat(other.lines()).contains("event: deleted");
        }
    }

    @Test
    void opensAMinuteOfItByATicket() throws Exception {
        String id = announce().text("mediaId");
        Answer ticket = ANNA.post("/" + id + "/ticket", Map.of());
        assertThat(ticket.status()).isEqualTo(201);
        String address = ticket.text("url");
        try (EventStream events = new EventStream(PORT, address)) {
            Awaitility.await().atMost(SOON).until(() -> events.data().size() == 1);
        }
        assertThat(NOBODY.get(address.replace("/api/v1/media", "")).status()).isEqualTo(200);
        String other = announce().text("mediaId");
        for (String refused : List.of(
                address.replace(id, other),
                address + "x",
                address + "&ticket=" + ticket.text("ticket"),
                address.replace("/processing-status", "/status"),
                address.replace("/processing-status", "/file"))) {
            assertThat(NOBODY.get(refused.replace("/api/v1/media", "")).status())
                    .as(refused)
                    .isEqualTo(401);
        }
        assertThat(NOBODY.send("DELETE", address.replace("/api/v1/media", ""), null)
                        .status())
                .isEqualTo(401);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from mediaferry.media_ticket where ticket = ?")
                        .param(ticket.text("ticket"))
                        .query(Long.class)
                        .single())
                .as("the ticket itself is nowhere")
                .isZero();
    }

    @Test
    void endsWithTheTicket() throws Exception {
        String id = announce().text("mediaId");
        String address = ANNA.post("/" + id + "/ticket", Map.of()).text("url");
        SANDBOX.execute(
                "update mediaferry.media_ticket set expires_at = now() + interval '3 seconds' where media_id = '" + id
                        + "'");
        try (EventStream events = new EventStream(PORT, address)) {
            Awaitility.await().atMost(SOON).until(events::hasEnded);
            assertThat(events.data()).hasSize(1);
        }
        assertThat(NOBODY.get(address.replace("/api/v1/media", "")).status()).isEqualTo(401);
    }

    @Test
    void tellsNothingToOthers() throws Exception {
        String id = announce().text("mediaId");
        assertThat(NOBODY.as("bert", Map.of())
                        .post("/" + id + "/ticket", Map.of())
                        .status())
                .isEqualTo(404);
        try (EventStream bert = listen("bert", id);
                EventStream nobody = new EventStream(PORT, path(id))) {
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> !bert.lines().isEmpty() && !nobody.lines().isEmpty());
            assertThat(bert.lines().get(0)).contains("404");
            assertThat(nobody.lines().get(0)).contains("401");
        }
    }

    @Test
    void tellsAllThatListenButNotTooManyOfOneUser() throws Exception {
        String id = announce().text("mediaId");
        List<EventStream> all = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                all.add(listen("anna", id));
            }
            Awaitility.await().atMost(SOON).until(() -> all.stream()
                    .allMatch(one -> one.data().size() == 1));
            try (EventStream tooMany = listen("anna", id)) {
                Awaitility.await().atMost(SOON).until(() -> !tooMany.lines().isEmpty());
                assertThat(tooMany.lines().get(0)).contains("429");
            }
            ANNA.post("/" + id + "/cancel", Map.of());
            Awaitility.await().atMost(SOON).until(() -> all.stream().allMatch(EventStream::hasEnded));
        } finally {
            for (EventStream one : all) {
                one.close();
            }
        }
    }

    @Test
    void saysNowAndThenThatItIsStillThere() throws Exception {
        String id = announce().text("mediaId");
        try (EventStream events = listen("anna", id)) {
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> events.lines()
                    .contains(":"));
            assertThat(events.data()).hasSize(1);
        }
    }

    private static EventStream listen(String user, String id) throws IOException {
        return new EventStream(PORT, path(id), "authorization", "Bearer " + Tokens.of(user));
    }

    private static String path(String id) {
        return "/api/v1/media/" + id + "/processing-status";
    }

    private static Answer announce() {
        return ANNA.post(
                "/upload-session",
                Map.of("mediaType", "POST_IMAGE", "fileType", "image/jpeg", "fileSize", PICTURE.length));
    }
}
