package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.link.Link;
import dev.mediaferry.registry.Field;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.uploads.MediaQuery;
import dev.mediaferry.uploads.Medium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the registry says of rows that become media, and what is kept of their links. */
class MediaEntriesRegistryTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    static final String UPLOADS =
            """
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB, attach: { table: Photo, user: author } }
              - { type: SECRET, folder: secrets, content: [image/jpeg], max-bytes: 20MB, access: private }
            """;

    @BeforeAll
    static void start() {
        SANDBOX.execute("alter table \"Photo\" add column author text");
        SANDBOX.engine(UPLOADS);
    }

    @ParameterizedTest
    @CsvSource({
        "https://utfs.io/f/abc-1.png, https://utfs.io/f/abc-1.png",
        "' https://a:b@x.example/i.png?id=17#top', https://x.example/i.png?id=17",
        "https://x.example/i?X-Amz-Signature=0123456789abcdef0123&id=1, https://x.example/i",
        "//x.example/i?t=0123456789abcdef, //x.example/i"
    })
    void keepsTheOldLinkWithoutWhatLetsItsReaderIn(String link, String kept) {
        assertThat(SANDBOX.sql()
                        .sql("select mediaferry.plain_link(?)")
                        .param(link)
                        .query(String.class)
                        .single())
                .isEqualTo(kept);
    }

    @Test
    void refusesWhatCouldBecomeNoMediumAllAtOnce() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse(
                        "r",
                        """
                        buckets: [{ name: other, bucket: other-bucket }]
                        fields:
                          - { table: a, column: b, folder: c, media: { type: POST_IMAG, user: u } }
                          - { table: a, column: c, folder: c, bucket: other, media: { type: SECRET, user: u } }
                          - { table: a, column: d, folder: c, media: { type: POST_IMAGE, usr: u } }
                        """
                                + UPLOADS))
                .withMessageContaining("did you mean user?");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse(
                        "r",
                        """
                        buckets: [{ name: other, bucket: other-bucket }]
                        fields:
                          - { table: a, column: b, folder: c, media: { type: POST_IMAG, user: u } }
                          - { table: a, column: c, folder: c, bucket: other, media: { type: SECRET, user: u } }
                        """
                                + UPLOADS))
                .withMessageContaining("r:3: media: there is no type POST_IMAG under uploads; did you mean POST_IMAGE?")
                .withMessageContaining("r:4: media: SECRET is private");
        SANDBOX.execute("create table odd (id int primary key, url text, other text, owner jsonb)");
        try {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> SANDBOX.engine(
                            """
                            fields:
                              - { table: odd, column: url, folder: c, media: { type: POST_IMAGE, user: owner } }
                              - { table: odd, column: other, folder: c, media: { type: POST_IMAGE, user: ownr } }
                            """
                                    + UPLOADS))
                    .withMessageContaining("odd.url: media: user column owner is of type jsonb")
                    .withMessageContaining("odd.other: media: table odd has no column ownr; did you mean owner?");
        } finally {
            SANDBOX.execute("drop table odd");
        }
    }

    @Test
    void movesTheLinksOfUploadThingAsTheExampleSays() throws Exception {
        String example = Files.readString(Path.of("docs/examples/uploadthing.yaml"));
        List<Field> fields = RegistryFile.parse("uploadthing.yaml", example).fields();
        for (String link :
                List.of("https://utfs.io/f/a-b.png", "https://app1.ufs.sh/f/abc", "https://utfs.io/a/app/abc")) {
            assertThat(fields.get(0).hosts().matches(Link.parse(link).host())).isTrue();
        }
        SANDBOX.execute(
                "create table users (id bigint primary key, avatar text)",
                "create table posts (id bigint primary key, author_id bigint references users, image text)");
        try {
            SANDBOX.sql()
                    .sql("insert into users values (7, ?)")
                    .param(SANDBOX.cdn().picture())
                    .update();
            SANDBOX.sql()
                    .sql("insert into posts values (1, 7, ?)")
                    .param(SANDBOX.cdn().picture())
                    .update();

            Engine engine = SANDBOX.engine(example.replaceFirst("hosts: .*", "hosts: [\"127.0.0.1\"]"));
            engine.migrate(RunOptions.ALL);

            assertThat(engine.cases().media().list(new MediaQuery(null, null, null, null, 100)))
                    .extracting(Medium::userId, Medium::mediaType)
                    .containsExactlyInAnyOrder(tuple("7", "POST_IMAGE"), tuple("7", "PROFILE_IMAGE"));
        } finally {
            SANDBOX.execute("drop table posts, users");
        }
    }
}
