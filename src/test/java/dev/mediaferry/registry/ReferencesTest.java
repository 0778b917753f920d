package dev.mediaferry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Reference.Back;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Form;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Reference.Lookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the registry says of references. */
class ReferencesTest {

    private static final String LINES =
            """
            references:
              - name: post-image
                table: app.posts
                old: image_key
                new: { column: image_id, on-delete: set null }
                lookup: { table: storage, id: id, key: file_key, created: created_at }
                same: [organization_id]
                match: [exact, trim, url]
                several: newest
                none: leave
                on-cascade: keep
                probes: [ { sql: feed.sql, p99: 100ms } ]
                soak: 3d
              - { name: comment-avatar, table: CommentAnalysis, old: [avatarS3Url, avatarS3Key], new: avatarUrl, back: { avatarS3Url: link, avatarS3Key: key } }
              - { name: preview, table: LinkedInPostPreview, rename: { s3Key: imageKey, s3Url: imageUrl }, by: copy }
            """;

    @TempDir
    private Path directory;

    @Test
    void readsReferencesAsTheDocumentationShowsThem() throws IOException {
        Files.writeString(directory.resolve("feed.sql"), "select 1");

        Registry registry = RegistryFile.parse("r", directory, LINES);

        Reference post = registry.references().get(0);
        assertThat(post.kind()).isEqualTo(Kind.LOOKUP);
        assertThat(post.relation()).isEqualTo("app.posts");
        assertThat(post.old()).containsExactly("image_key");
        assertThat(post.fresh()).containsExactly("image_id");
        assertThat(post.soak()).isEqualTo(Duration.ofDays(3));
        assertThat(post.probes()).singleElement().satisfies(probe -> {
            assertThat(probe.p99()).isEqualTo(Duration.ofMillis(100));
            assertThat(probe.runs()).isEqualTo(200);
        });
        Lookup lookup = post.lookup().orElseThrow();
        assertThat(lookup.match()).containsExactly(Form.EXACT, Form.TRIM, Form.URL);
        assertThat(lookup.several()).isEqualTo(Choice.NEWEST);
        assertThat(lookup.none()).isEqualTo(Choice.LEAVE);
        assertThat(lookup.mirrorsCascade()).isFalse();
        assertThat(lookup.same()).containsExactly("organization_id");
        Reference avatar = registry.references().get(1);
        assertThat(avatar.kind()).isEqualTo(Kind.MERGE);
        assertThat(avatar.back()).containsEntry("avatarS3Key", Back.KEY).containsEntry("avatarS3Url", Back.LINK);
        Reference preview = registry.references().get(2);
        assertThat(preview.kind()).isEqualTo(Kind.COPY);
        assertThat(preview.old()).containsExactly("s3Key", "s3Url");
        assertThat(preview.fresh()).containsExactly("imageKey", "imageUrl");
    }

    @Test
    void namesEveryProblemAtOnceWithItsLine() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> RegistryFile.parse(
                                "r",
                                directory,
                                """
                        references:
                          - { name: a, table: posts, old: image_key, new: image_id, lookup: { table: storage, key: k }, several: oldest }
                          - { name: a, table: posts, old: [x, y], new: z }
                          - { name: c, table: posts, old: x, rename: { y: z } }
                          - { name: d, table: posts, old: [x, y], new: { column: z }, lookup: { table: storage, key: k } }
                          - { name: e, table: posts, rename: { x: x }, match: [exact], soak: soon }
                          - { name: f, table: posts, old: x, new: y, back: { x: link }, probes: [ { sql: nowhere.sql, p99: fast } ] }
                          - { name: g, table: posts, new: y }
                        """))
                .withMessageContaining("r:2: several: oldest needs the column that says which is newer")
                .withMessageContaining("r:3: a stands in line 2 already")
                .withMessageContaining("r:3: back must say of each old column")
                .withMessageContaining("r:4: rename says which columns these are")
                .withMessageContaining("r:5: with lookup, one column holds the key")
                .withMessageContaining("r:6: match needs lookup")
                .withMessageContaining("r:6: old and new must be different columns: x")
                .withMessageContaining("r:6: 'soon' must be a time")
                .withMessageContaining("r:7: cannot read")
                .withMessageContaining("r:7: 'fast' must be a time")
                .withMessageContaining("r:8: it needs old and new, or rename");
    }

    @Test
    void suggestsTheNearestWord() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> RegistryFile.parse(
                                "r",
                                """
                        references:
                          - { name: a, table: posts, olt: image_key, new: image_id, lookup: { table: storage, keys: k, key: k } }
                        """))
                .withMessageContaining("did you mean old?")
                .withMessageContaining("did you mean key?");
    }

    @Test
    void takesLimitsAndRefusalsForNoOtherChange() {
        String entry = "references:\n  - { name: a, table: t, old: x, new: y, lookup: { table: s, key: k }%s }\n";

        Reference plain = only(entry.formatted(""));

        assertThat(only(entry.formatted(", soak: 1d, none: leave, several: leave"))
                        .shape())
                .isEqualTo(plain.shape());
        assertThat(only(entry.formatted(", soak: 1d")).sha256()).isNotEqualTo(plain.sha256());
        assertThat(only(entry.formatted(", match: [exact, trim]")).shape()).isNotEqualTo(plain.shape());
        assertThat(only(entry.formatted(", on-cascade: keep")).shape()).isNotEqualTo(plain.shape());
    }

    private static Reference only(String text) {
        return RegistryFile.parse("r", text).references().get(0);
    }
}
