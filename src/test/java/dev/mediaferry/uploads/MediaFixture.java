package dev.mediaferry.uploads;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.DatabaseSettings;
import dev.mediaferry.ledger.LedgerSchema;
import dev.mediaferry.settings.Settings;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Media of a test's own in the ledger of a sandbox, with a connection to it that is closed with the test class. */
final class MediaFixture implements AfterAllCallback, AutoCloseable {

    static final String ANN = "ann";

    private final SecureRandom random = new SecureRandom();
    private final Sandbox sandbox;
    private final Database database;
    private final MediaLedger media;

    /** @param settings names without {@code mediaferry.} and values in turn */
    MediaFixture(Sandbox sandbox, String... settings) {
        Settings all = sandbox.settings(settings);
        this.sandbox = sandbox;
        this.database = Database.open(DatabaseSettings.of(all).orElseThrow(), LedgerSchema.of(all), 4)
                .migrate();
        this.media = new MediaLedger(database);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        database.close();
    }

    MediaLedger ledger() {
        return media;
    }

    UUID pending(String user) {
        return pending(user, "POST_IMAGE");
    }

    UUID pending(String user, String type) {
        UUID id = MediaId.create(Instant.now(), random);
        media.create(new NewUpload(
                id,
                user,
                type,
                "posts/" + user + "/1-" + id + ".jpg",
                null,
                "beach.jpg",
                1000L,
                "image/jpeg",
                null,
                "incoming/" + id,
                null,
                null,
                20_000_000,
                86_400));
        return id;
    }

    UUID ready(String user) {
        UUID id = pending(user);
        media.uploadedAndReady(verified(id));
        return id;
    }

    VerifiedUpload verified(UUID id) {
        return new VerifiedUpload(
                id, 1000, "image/jpeg", null, "\"e1\"", "https://cdn.example/" + id + ".jpg", 640, 480, null);
    }

    MediaState state(UUID id) {
        return media.find(id).orElseThrow().status();
    }

    /** @return kinds of the events of a medium in the sandbox's usual ledger, oldest first */
    List<String> kinds(UUID id) {
        return sandbox.sql()
                .sql("select kind from mediaferry.media_event where media_id = ? order by id")
                .param(id)
                .query(String.class)
                .list();
    }
}
