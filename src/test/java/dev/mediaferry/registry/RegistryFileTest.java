package dev.mediaferry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.storage.NamedBucket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryFileTest {

    private static final String FIELD = "{ table: Photo, column: url, folder: photos }";

    @Test
    void readsTheSampleThatShipsWithTheProgram() {
        List<Field> fields = RegistryFile.read(Path.of("registry.yaml")).fields();
        assertThat(fields)
                .extracting(field -> field.name() + " " + field.folder())
                .containsExactly(
                        "LinkedInProfile.profilePic profile-avatars",
                        "LinkedInProfile.profilePictureUrl profile-avatars",
                        "LinkedInProfile.coverPictureUrl profile-covers",
                        "Comment.authorAvatarUrl comment-avatars",
                        "CommentAnalysis.avatarUrl comment-avatars",
                        "TargetProfile.photoUrl target-photos");
        assertThat(fields).allSatisfy(field -> assertThat(field.hosts())
                .hasToString("media.licdn.com, media-exp*.licdn.com, static.licdn.com"));
    }

    @Test
    void fillsInWhatIsLeftOut() {
        Field field = only("fields: [" + FIELD + "]");
        assertThat(field.line()).isEqualTo(1);
        assertThat(field.schema()).isNull();
        assertThat(field.id()).isEqualTo("id");
        assertThat(field.batch()).isEqualTo(1000);
        assertThat(field.hosts()).hasToString("media.licdn.com, media-exp*.licdn.com, static.licdn.com");
        assertThat(field.key()).isEmpty();
        assertThat(field.resolve()).isEmpty();
        assertThat(field.types()).containsExactlyInAnyOrder(MediaKind.IMAGE, MediaKind.VIDEO);
    }

    @Test
    void namesTheBucketOfAField() {
        Registry registry = RegistryFile.parse(
                "r",
                """
                buckets:
                  - { name: cold, bucket: app-archive }
                  - { name: avatars, bucket: app-avatars, public-url: "https://a.example/" }
                fields:
                  - { table: Photo, column: url, folder: photos, bucket: avatars }
                """);
        assertThat(registry.fields().get(0).bucket()).contains("avatars");
        assertThat(registry.buckets()).extracting(NamedBucket::bucket).containsExactly("app-archive", "app-avatars");
        assertThat(registry.buckets().get(0).publicUrl()).isEmpty();
        assertThat(registry.buckets().get(1).publicUrl()).contains(URI.create("https://a.example"));
    }

    @Test
    void refusesBucketsThatAreNone() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> RegistryFile.parse(
                                "r",
                                """
                        buckets:
                          - { name: cold, bucket: "no bucket" }
                          - { name: cold, bucket: app-avatars, public-url: "ftp://a.example" }
                        fields:
                          - { table: Photo, column: url, folder: photos, bucket: colt }
                        """))
                .withMessageContainingAll(
                        "r:2: 'no bucket' is no bucket name",
                        "r:3: there is a bucket cold already",
                        "r:3: public-url must be an http or https address",
                        "r:5: there is no bucket colt; did you mean cold?");
    }

    @Test
    void takesTheTypesOfAField() {
        assertThat(only("fields: [{ table: Photo, column: url, folder: photos, types: [svg, pdf] }]")
                        .types())
                .containsExactlyInAnyOrder(MediaKind.SVG, MediaKind.PDF);
    }

    @Test
    void takesEverythingThatAFieldMaySay() {
        Field field = only(
                """
                hosts: [a.example]
                fields:
                  - table: crm.Photo
                    column: url
                    folder: a/b.c_d-e
                    id: uid
                    batch: 10000
                    hosts: ["*"]
                    key: "{sha256}.{ext}"
                    resolve: https://app.example/links?of=media
                """);
        assertThat(field.line()).isEqualTo(3);
        assertThat(field.name()).isEqualTo("crm.Photo.url");
        assertThat(field.schema()).isEqualTo("crm");
        assertThat(field.table()).isEqualTo("Photo");
        assertThat(field.folder()).isEqualTo("a/b.c_d-e");
        assertThat(field.id()).isEqualTo("uid");
        assertThat(field.batch()).isEqualTo(10_000);
        assertThat(field.hosts()).hasToString("*");
        assertThat(field.key()).contains(new KeyTemplate("{sha256}.{ext}"));
        assertThat(field.resolve()).contains(URI.create("https://app.example/links?of=media"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "links",
                "ftp://app.example/",
                "https:///links",
                "https://a:b@app.example/",
                "http://a.example/#x",
                "http://a b/"
            })
    void refusesAResolverThatIsNoAddress(String address) {
        assertProblems(
                "fields:\n  - { table: Photo, column: url, folder: photos,\n      resolve: \"" + address + "\" }",
                "r.yaml:3: resolve must be an address like https://app.example.com/links, without user, password and fragment");
    }

    @Test
    void inheritsTheRegistrysHosts() {
        assertThat(only("hosts: [a.example]\nfields: [" + FIELD + "]").hosts()).hasToString("a.example");
    }

    @Test
    void takesNumbersAndKeywordsForNames() {
        Field field = only("fields: [{ table: \"2024\", column: \"null\", folder: \"1\" }]");
        assertThat(field.name()).isEqualTo("2024.null");
    }

    @Test
    void suggestsTheNameThatWasMeant() {
        assertProblems(
                """
                host: [a.example]
                fields:
                  - { table: Photo, column: url, folder: photos,
                      bach: 10 }
                """,
                "r.yaml:1: property 'host' is not defined in the schema and the schema does not allow additional properties; did you mean hosts?",
                "r.yaml:4: property 'bach' is not defined in the schema and the schema does not allow additional properties; did you mean batch?");
    }

    @Test
    void listsTheNamesThatThereAreWhenNoneIsNear() {
        assertProblems(
                "fields:\n  - { table: Photo, column: url, folder: photos, priority: 1 }",
                "r.yaml:2: property 'priority' is not defined in the schema and the schema does not allow additional properties; known are derivatives, table, column, folder, id, batch, hosts, key, resolve, bucket, types, created, media");
    }

    @Test
    void namesTheLineOfWhatIsMissing() {
        assertProblems(
                "fields:\n  - " + FIELD + "\n  - { table: Photo }",
                "r.yaml:3: required property 'column' not found",
                "r.yaml:3: required property 'folder' not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "table: ''",
                "table: [a]",
                "column: ''",
                "column: 5",
                "folder: ''",
                "folder: /photos",
                "folder: photos/",
                "folder: 'my photos'",
                "folder: '{id}'",
                "id: ''",
                "batch: 0",
                "batch: 10001",
                "batch: many",
                "batch: 1.5",
                "hosts: []",
                "hosts: a.example",
                "hosts: [a.example, a.example]",
                "hosts: ['']",
                "key: ''",
            })
    void refusesAnotherValueWithItsLine(String property) {
        String text = "fields:\n  - " + property + "\n";
        for (String required : List.of("table: Photo", "column: url", "folder: photos")) {
            boolean given = property.startsWith(required.substring(0, required.indexOf(' ')));
            text += given ? "" : "    " + required + "\n";
        }
        String registry = text;
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", registry))
                .withMessageMatching("r.yaml:2: [^/].*");
    }

    @Test
    void refusesAFieldThatStandsThereTwice() {
        assertProblems(
                "fields:\n  - " + FIELD + "\n  - { table: Photo, column: thumb, folder: photos }\n  - " + FIELD,
                "r.yaml:4: Photo.url stands in line 2 already");
    }

    @Test
    void refusesAHostPatternThatIsNone() {
        String problem =
                "'https://a.example' is no host name: write it without scheme, port and path, like media.example.com or *.example.com";
        assertProblems("hosts: ['https://a.example']\nfields:\n  - " + FIELD, "r.yaml:1: " + problem);
        assertProblems(
                "fields:\n  - { table: Photo, column: url, folder: photos,\n      hosts: ['https://a.example'] }",
                "r.yaml:3: " + problem);
    }

    @Test
    void refusesAKeyTemplateThatIsNone() {
        assertProblems(
                "fields:\n  - { table: Photo, column: url, folder: photos,\n      key: '{id}.{ext}' }",
                "r.yaml:3: key '{id}.{ext}' needs {random} or {sha256}, else two media could claim one key");
    }

    @Test
    void namesAllProblemsAtOnce() {
        assertProblems(
                """
                hosts: ["a b"]
                fields:
                  - { table: Photo, column: url, folder: photos, key: x }
                  - { table: Photo, column: url, folder: photos, hosts: ["c:80"] }
                  - { table: Photo, column: url, folder: photos }
                """,
                "r.yaml:1: 'a b' is no host name: write it without scheme, port and path, like media.example.com or *.example.com",
                "r.yaml:3: key 'x' needs {random} or {sha256}, else two media could claim one key",
                "r.yaml:4: 'c:80' is no host name: write it without scheme, port and path, like media.example.com or *.example.com",
                "r.yaml:5: Photo.url stands in line 3 already");
    }

    @Test
    void refusesAKeyThatStandsThereTwice() {
        assertProblems("fields:\n  - " + FIELD + "\nfields: []", "r.yaml:3: 'fields' is there twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n"})
    void refusesAnEmptyFile(String text) {
        assertProblems(text, "r.yaml:1: the file is empty");
    }

    @Test
    void namesTheLineWhereItIsNoYaml() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", "fields:\n  - { table: Photo\n  - x"))
                .withMessageStartingWith("r.yaml:3: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fields: []", "fields:", "[]", "just text", "hosts: [a.example]"})
    void refusesARegistryWithoutFields(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", text))
                .withMessageStartingWith("r.yaml:1: ");
    }

    @Test
    void saysWhenThereIsNoFile(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("registry.yaml");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.read(missing))
                .withMessage("no registry at " + missing + ": name one with --registry FILE");
        Files.write(missing, new byte[] {(byte) 0xff});
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.read(missing))
                .withMessageStartingWith("cannot read the registry " + missing + ": ");
    }

    @Test
    void suggestsTheFieldThatWasMeant() {
        Registry registry = RegistryFile.parse("r.yaml", "fields: [" + FIELD + "]");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> registry.check(List.of("Photo.ulr", "Photo.url", "Nothing.like.it")))
                .withMessage("no field Photo.ulr; did you mean Photo.url?" + System.lineSeparator()
                        + "no field Nothing.like.it; the registry has Photo.url");
    }

    private static Field only(String text) {
        List<Field> fields = RegistryFile.parse("r.yaml", text).fields();
        assertThat(fields).hasSize(1);
        return fields.get(0);
    }

    private static void assertProblems(String text, String... problems) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", text))
                .satisfies(thrown -> assertThat(thrown.getMessage().lines()).containsExactlyInAnyOrder(problems));
    }
}
