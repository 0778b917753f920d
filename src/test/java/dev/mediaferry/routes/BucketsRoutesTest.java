package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.verify.Finding;
import dev.mediaferry.verify.OrphanOptions;
import dev.mediaferry.verify.VerifyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Fields whose objects go to different buckets, under the very same keys. */
@Tag("slow")
class BucketsRoutesTest {

    private static final String OTHER = "avatars-of-the-test";

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1"]
            buckets: [{ name: avatars, bucket: %s, public-url: "https://avatars.example/of" }]
            fields:
              - { table: Photo, column: url, folder: same, key: "{folder}/{sha256}.{ext}" }
              - { table: Avatar, column: url, folder: same, key: "{folder}/{sha256}.{ext}", bucket: avatars }
            """
                    .formatted(OTHER);

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private static Engine engine;

    @BeforeEach
    void start() {
        if (engine == null) {
            SANDBOX.bucket().createBucket(request -> request.bucket(OTHER));
            SANDBOX.execute("create table \"Avatar\" (id text primary key, url text)");
            engine = SANDBOX.keep(SANDBOX.engine(REGISTRY));
        }
        otherKeys().forEach(key -> SANDBOX.bucket()
                .deleteObject(request -> request.bucket(OTHER).key(key)));
    }

    @Test
    void storesEachFieldsObjectsInItsOwnBucket() {
        twoRowsOfOnePicture();
        RunReport report = engine.migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(2);
        assertThat(SANDBOX.keys()).hasSize(1).isEqualTo(otherKeys());
        assertThat(avatar())
                .isEqualTo("https://avatars.example/of/" + otherKeys().get(0));
        assertThat(SANDBOX.transfer("a")).containsEntry("bucket", OTHER);
        assertThat(SANDBOX.transfer("p")).containsEntry("bucket", null);
        assertThat(engine.migrate(RunOptions.ALL).skipped()).containsEntry("ours", 2L);
    }

    @Test
    void takesOverWhatAnEarlierAttemptStoredInTheOtherBucket() {
        SANDBOX.execute("insert into \"Avatar\" values ('a', '" + CDN.picture() + "')");
        engine.migrate(RunOptions.ALL);
        String stored = avatar();
        SANDBOX.execute(
                "update \"Avatar\" set url = t.source from mediaferry.transfer t where t.row_key = 'a'",
                "update mediaferry.transfer set state = 'waiting', object_state = 'unknown', due = now()");
        CDN.reset();
        engine.migrate(RunOptions.ALL);
        assertThat(avatar()).isEqualTo(stored);
        assertThat(CDN.requests()).isZero();
    }

    @Test
    void aRollbackRemovesOnlyTheObjectOfItsOwnBucket() {
        twoRowsOfOnePicture();
        engine.migrate(RunOptions.ALL);
        var report = engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of("Avatar.url"), Optional.empty(), Optional.empty(), false, true));
        assertThat(report.objectsRemoved()).isEqualTo(1);
        assertThat(otherKeys()).isEmpty();
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void theSweepRemovesASupersededObjectFromItsOwnBucket() {
        twoRowsOfOnePicture();
        engine.migrate(RunOptions.ALL);
        SANDBOX.execute(
                "update \"Avatar\" set url = 'mine'",
                "update mediaferry.transfer set state = 'superseded' where row_key = 'a'");
        engine.sweep();
        assertThat(otherKeys()).isEmpty();
        assertThat(SANDBOX.keys()).hasSize(1);
        assertThat(SANDBOX.transfer("a")).containsEntry("object_state", "removed");
    }

    @Test
    void verifiesEveryBucket() {
        twoRowsOfOnePicture();
        engine.migrate(RunOptions.ALL);
        assertThat(verify()).isEmpty();
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(OTHER).key(otherKeys().get(0)));
        assertThat(verify()).containsExactly("missing-object Avatar.url");
    }

    @Test
    void findsAndRemovesOrphansOfEveryBucket() {
        twoRowsOfOnePicture();
        engine.migrate(RunOptions.ALL);
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(OTHER)
                                .key("same/nobody.jpg")
                                .metadata(Map.of("mediaferry-ledger", SANDBOX.ledgerId())),
                        RequestBody.fromBytes(Pictures.jpeg(1)));
        assertThat(engine.orphans()
                        .run(new OrphanOptions(Duration.ofMinutes(-1), true, false), orphan -> {})
                        .removed())
                .isEqualTo(1);
        assertThat(otherKeys()).hasSize(1);
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void doesNotStartWithoutOneOfItsBuckets() {
        assertThatThrownBy(() -> SANDBOX.engine(REGISTRY.replace(OTHER, "nobody-made-this-one")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no bucket 'nobody-made-this-one'");
    }

    private static void twoRowsOfOnePicture() {
        String picture = CDN.picture();
        SANDBOX.photo("p", picture);
        SANDBOX.execute("insert into \"Avatar\" values ('a', '" + picture + "')");
    }

    private static String avatar() {
        return SANDBOX.sql()
                .sql("select url from \"Avatar\"")
                .query(String.class)
                .single();
    }

    private List<String> verify() {
        return engine
                .verifications()
                .run(new VerifyOptions(List.of(), OptionalLong.empty(), 100, false))
                .findings()
                .stream()
                .map((Finding finding) -> finding.kind() + " " + finding.field())
                .toList();
    }

    private static List<String> otherKeys() {
        return SANDBOX.bucket().listObjectsV2(request -> request.bucket(OTHER)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }
}
