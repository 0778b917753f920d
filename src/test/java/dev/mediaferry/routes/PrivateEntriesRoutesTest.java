package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.RunOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is moved into private types, where objects are opened one by one. */
class PrivateEntriesRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.acl", "public-read");

    private static final String FIELD =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: photos, media: { type: TYPE, user: id } }
            """;

    private static final String UPLOADS =
            """
            uploads:
              - { type: SHOWN, folder: shown, content: [image/jpeg], max-bytes: 20MB }
              - { type: SECRET, folder: secrets, content: [image/jpeg], max-bytes: 20MB, access: private }
              - { type: ORIGINAL, folder: originals, content: [image/jpeg], max-bytes: 20MB, original: private }
            """;

    @BeforeAll
    static void createLedger() {
        SANDBOX.engine();
    }

    @ParameterizedTest
    @CsvSource({"SHOWN, 200, true", "SECRET, 403, false", "ORIGINAL, 403, false"})
    void opensNoObjectThatOnlySignedAddressesLeadTo(String type, int status, boolean addressed) throws Exception {
        Engine engine = SANDBOX.engine(FIELD.replace("TYPE", type) + UPLOADS);
        SANDBOX.photo("1", SANDBOX.cdn().picture());

        assertThat(engine.migrate(RunOptions.ALL).migrated()).isEqualTo(1);

        assertThat(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(SANDBOX.url("1")))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(status);
        assertThat(SANDBOX.sql()
                        .sql("select cdn_url is not null from mediaferry.media")
                        .query(Boolean.class)
                        .single())
                .isEqualTo(addressed);
    }

    @Test
    void movesNoPrivateOriginalIntoAnotherBucket() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse(
                        "r",
                        "buckets: [{ name: other, bucket: other-bucket }]\n"
                                + FIELD.replace("TYPE", "ORIGINAL")
                                        .replace("folder: photos", "folder: photos, bucket: other")
                                + UPLOADS))
                .withMessageContaining("media: ORIGINAL is private");
    }
}
