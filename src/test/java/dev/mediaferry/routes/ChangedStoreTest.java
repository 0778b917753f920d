package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What becomes of old rows when the settings name another bucket, or another store. */
@Tag("slow")
class ChangedStoreTest {

    private static final String OTHER = "changed-store-test";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeBuckets() {
        SANDBOX.rememberStores(true);
        if (SANDBOX.bucket().listBuckets().buckets().stream()
                .noneMatch(bucket -> bucket.name().equals(OTHER))) {
            SANDBOX.bucket().createBucket(request -> request.bucket(OTHER));
        }
        otherKeys().forEach(key -> SANDBOX.bucket()
                .deleteObject(request -> request.bucket(OTHER).key(key)));
    }

    @Test
    void oldRowsKeepTheirBucketWhenAnotherIsConfigured() throws Exception {
        List<String> before = SANDBOX.options(directory.resolve("before"), Sandbox.REGISTRY);
        List<String> after = SANDBOX.options(directory.resolve("after"), Sandbox.REGISTRY, "storage.bucket", OTHER);
        SANDBOX.photo("1", CDN.picture());
        run(0, before, "migrate");
        String old = SANDBOX.keys().get(0);
        // Of the same name, in the other bucket, and not of this transfer.
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(OTHER)
                                .key(old)
                                .metadata(Map.of("mediaferry-ledger", SANDBOX.ledgerId())),
                        RequestBody.fromBytes(Pictures.jpeg(4)));

        assertThat(run(2, after, "migrate"))
                .contains("bucket '" + SANDBOX.bucketName() + "'")
                .contains("bucket '" + OTHER + "'")
                .contains("mediaferry ledger accept-store");
        run(0, after, "ledger", "accept-store");

        SANDBOX.photo("2", CDN.picture());
        run(0, after, "migrate");
        assertThat(SANDBOX.keys()).containsExactly(old);
        assertThat(otherKeys()).hasSize(2);
        assertThat(SANDBOX.transfer("1")).containsEntry("bucket", null);
        assertThat(SANDBOX.transfer("2")).containsEntry("bucket", OTHER);
        run(0, after, "verify", "--deep");

        run(0, after, "rollback", "--field", "Photo.url", "--delete-objects");
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(otherKeys()).containsExactly(old);
        assertThat(run(2, before, "status")).contains("is configured");
    }

    @Test
    void oldRowsKeepTheirStoreWhenAnotherEndpointIsConfigured() throws Exception {
        List<String> after = SANDBOX.options(directory.resolve("after"), Sandbox.REGISTRY);
        int port = URI.create(SANDBOX.settings().text("storage.endpoint")).getPort();
        try (Gate gate = new Gate(port)) {
            List<String> before = SANDBOX.options(
                    directory.resolve("before"),
                    Sandbox.REGISTRY,
                    "storage.endpoint",
                    "http://127.0.0.1:" + gate.port());
            SANDBOX.photo("1", CDN.picture());
            SANDBOX.photo("2", CDN.picture());
            run(0, before, "migrate");
            assertThat(run(2, after, "status")).contains("127.0.0.1:" + gate.port());
            run(0, after, "ledger", "accept-store");
            run(0, after, "verify", "--deep");
            run(0, after, "rollback", "--row", "Photo.url:1", "--delete-objects");
            assertThat(SANDBOX.keys()).hasSize(1);
        }
        // The former store is gone now, and the configured one has an object of the very same name.
        assertThat(run(1, after, "rollback", "--row", "Photo.url:2", "--delete-objects"))
                .contains("1 that the store did not remove");
        assertThat(SANDBOX.keys()).hasSize(1);
        assertThat(SANDBOX.transfer("2")).containsEntry("object_state", "present");
    }

    @Test
    void theSameBucketUnderAnotherAddressIsAcceptedOnce() throws Exception {
        List<String> before = SANDBOX.options(directory.resolve("before"), Sandbox.REGISTRY);
        int port = URI.create(SANDBOX.settings().text("storage.endpoint")).getPort();
        try (Gate gate = new Gate(port)) {
            List<String> after = SANDBOX.options(
                    directory.resolve("after"),
                    Sandbox.REGISTRY,
                    "storage.endpoint",
                    "http://127.0.0.1:" + gate.port());
            SANDBOX.photo("1", CDN.picture());
            run(0, before, "migrate");
            run(2, after, "status");
            run(0, after, "ledger", "accept-store", "--same-objects");
            run(0, after, "verify", "--deep");
            run(0, after, "rollback", "--field", "Photo.url", "--delete-objects");
            assertThat(SANDBOX.keys()).isEmpty();
        }
    }

    /** @return all that it says */
    private static String run(int code, List<String> options, String... command) throws Exception {
        try (Program program = Program.start(options, command)) {
            assertThat(program.await(180))
                    .as(() -> program.out() + program.err())
                    .isEqualTo(code);
            return program.out() + program.err();
        }
    }

    private static List<String> otherKeys() {
        return SANDBOX.bucket().listObjectsV2(request -> request.bucket(OTHER)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }
}
