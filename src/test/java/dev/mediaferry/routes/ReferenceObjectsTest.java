package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.fixture.UploadedMedia;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceProof;
import dev.mediaferry.reference.ReferenceReport;
import dev.mediaferry.reference.ReferenceWork;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** References beside the objects that they lead to. */
@Tag("slow")
class ReferenceObjectsTest {

    private static final String POST = "post-image";
    private static final int STORAGE = 200;

    private static final String MEDIA =
            """
            references:
              - { name: cover, table: cover, old: image_key, new: { column: image_id, on-delete: set null }, lookup: { table: mediaferry.media, key: storage_key }, on-cascade: keep }
              - { name: page, table: page, old: image_key, new: { column: image_id, on-delete: cascade }, lookup: { table: mediaferry.media, key: storage_key } }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    @Test
    void makesRowsForKeysWhoseObjectsAreThere() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 400, STORAGE);
        ReferenceWork work = SANDBOX.engine(SeedTables.POST_IMAGE.replace("none: leave", "none: create"))
                .references();
        put("gone.jpg");
        work.expand(POST);

        ReferenceReport report = fill(work, POST);

        assertThat(report.state()).isEqualTo("filled");
        assertThat(texts("select organization_id from storage where file_key = 'gone.jpg'"))
                .containsExactly("org1");
        assertThat(
                        texts(
                                "select distinct s.file_key from posts p join storage s on s.id = p.image_id where p.image_key = 'gone.jpg'"))
                .containsExactly("gone.jpg");
        assertThat(texts("select statement from mediaferry.reference_step where step = 'create rows'"))
                .singleElement()
                .asString()
                .startsWith("1 rows of public.storage");
        // Keys of another organisation, and those in capitals, have no object here.
        assertThat(texts("select count(*)::text from storage")).containsExactly("201");
        assertThat(work.verify(POST, false).findings())
                .extracting(Finding::clause)
                .contains("none");
        assertThat(fill(work, POST).filled()).isZero();
        SANDBOX.execute(
                "drop table posts, storage cascade",
                "create table storage (id text primary key, file_key text, organization_id text, owner text not null)",
                "create table posts (id text primary key, organization_id text, image_key text)");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SANDBOX.engine(SeedTables.POST_IMAGE
                        .replace("none: leave", "none: create")
                        .replace("name: post-image", "name: other")))
                .withMessageContaining("which need a default for owner");
    }

    /** Storage rows s13 and s18 have one key. */
    @ParameterizedTest
    @CsvSource({"newest, s18", "oldest, s13"})
    void takesOneOfSeveralRowsByItsAge(String several, String taken) {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 400, STORAGE);
        SANDBOX.execute("update storage set created_at = created_at + interval '1 day' where id = 's18'");
        ReferenceWork work = SANDBOX.engine(SeedTables.POST_IMAGE
                        .replace("several: leave", "several: " + several)
                        .replace("key: file_key", "key: file_key, created: created_at"))
                .references();
        work.expand(POST);
        fill(work, POST);
        SANDBOX.execute("insert into posts (id, organization_id, image_key) values ('q1', 'org3', 'k13.jpg')");

        assertThat(texts("select distinct image_id from posts where image_key = 'k13.jpg'"))
                .containsExactly(taken);
        assertThat(work.verify(POST, false).findings()).isEmpty();
    }

    @Test
    void looksForSomeOfTheObjectsThatRowsLeadTo() {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 400, STORAGE);
        ReferenceWork work = SANDBOX.engine(SeedTables.POST_IMAGE).references();
        work.expand(POST);
        fill(work, POST);

        ReferenceProof.Proof none = work.verify(POST, false);

        assertThat(none.proved()).isTrue();
        assertThat(none.warnings())
                .singleElement()
                .asString()
                .matches("none of \\d+ objects that rows lead to is in bucket sandbox\\d+: .*");
        List<String> keys = texts("select distinct file_key from storage");
        keys.forEach(ReferenceObjectsTest::put);
        assertThat(work.verify(POST, false)).satisfies(proof -> {
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.warnings()).isEmpty();
        });
        keys.subList(0, keys.size() / 2).forEach(key -> SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key)));
        assertThat(work.verify(POST, false).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.clause()).isEqualTo("objects");
            assertThat(finding.count()).isBetween(1L, 100L);
        });
    }

    @Test
    void refersToUploadedMediaAndLeavesNothingBehind() {
        UploadedMedia uploads = new UploadedMedia(SANDBOX);
        SANDBOX.execute(
                "create table cover (id text primary key, image_key text)",
                "create table page (id text primary key, image_key text)");
        UUID kept = uploads.ready("FILE_IMAGE", true);
        UUID free = uploads.ready("POST_IMAGE", true);
        UUID named = uploads.ready("POST_IMAGE", true);
        SANDBOX.execute(
                "insert into cover values ('c1', '" + uploads.key(named) + "'), ('c2', '" + uploads.key(kept)
                        + "'), ('c3', null)",
                "insert into page values ('p1', '" + uploads.key(named) + "')");
        ReferenceWork work = SANDBOX.engine(UploadedMedia.REGISTRY + MEDIA).references();
        for (String name : List.of("cover", "page")) {
            work.expand(name);
            fill(work, name);
            ReferenceProof.Proof proof = work.verify(name, false);
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.warnings()).isEmpty();
        }
        assertThat(texts("select image_id::text from cover where id = 'c1'")).containsExactly(named.toString());
        uploads.age("25 hours", free);
        uploads.age("25 hours", named);

        // What a foreign key names is not swept, nor an orphan.
        assertThat(uploads.findings(false)).containsExactly("delete unattached");
        assertThat(uploads.media().find(named)).isPresent();
        assertThat(SANDBOX.keys()).contains(uploads.key(named)).doesNotContain(uploads.key(free));

        assertThat(uploads.media().delete(named, "ann")).isTrue();
        uploads.sweep();

        assertThat(
                        texts(
                                "select id || ' ' || coalesce(image_id::text, '-') || ' ' || coalesce(image_key, '-') from cover order by id"))
                .containsExactly("c1 - " + uploads.key(named), "c2 " + kept + " " + uploads.key(kept), "c3 - -");
        assertThat(texts("select id from page")).isEmpty();
        assertThat(SANDBOX.keys()).containsExactly(uploads.key(kept));
    }

    private static ReferenceReport fill(ReferenceWork work, String name) {
        return work.backfill(name, OptionalLong.empty(), OptionalInt.of(100));
    }

    private static void put(String key) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(key), RequestBody.fromString("a picture"));
    }

    private static List<String> texts(String query) {
        return SANDBOX.sql().sql(query).query(String.class).list();
    }
}
