package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.settings.Settings;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects beyond the largest single put. */
class MultipartUploadTest {

    private static final long LENGTH = ObjectStore.LARGEST_PUT + 1;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "64000001, 16777216",
        "5368709120, 16777216",
        "167772160000, 16777216",
        "167772160001, 17825792",
        "5497558138880, 550502400"
    })
    void takesNoMorePartsThanTheStore(long length, long part) {
        assertThat(MultipartUpload.partSize(length)).isEqualTo(part);
        assertThat((length + part - 1) / part).isLessThanOrEqualTo(MultipartUpload.MOST_PARTS);
    }

    @Test
    void storesALargeFileWithItsHashInTheMetadata() throws Exception {
        Path file = file();
        String sha256 = sha256(Files.newInputStream(file));
        String bucket = SANDBOX.bucketName();
        PutObjectResponse put = SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(bucket)
                                .key("large.mp4")
                                .contentType("video/mp4")
                                .cacheControl("public")
                                .metadata(Map.of(FastPutS3Client.SHA256, sha256)),
                        file);
        HeadObjectResponse head = SANDBOX.head("large.mp4");
        assertThat(head.contentLength()).isEqualTo(LENGTH);
        assertThat(head.contentType()).isEqualTo("video/mp4");
        assertThat(head.cacheControl()).isEqualTo("public");
        assertThat(head.metadata()).containsEntry(FastPutS3Client.SHA256, sha256);
        assertThat(put.eTag()).endsWith("-4\"");
        assertThat(sha256(SANDBOX.bucket()
                        .getObject(request -> request.bucket(bucket).key("large.mp4"))))
                .isEqualTo(sha256);
    }

    @Test
    void storesNothingUnderAHashThatTheBytesDoNotHave() throws Exception {
        Path file = file();
        assertThatThrownBy(() -> put(SANDBOX.bucket(), SANDBOX.bucketName(), file, "0".repeat(64)))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("changed while they were stored");
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(SANDBOX.bucket()
                        .listMultipartUploads(request -> request.bucket(SANDBOX.bucketName()))
                        .uploads())
                .isEmpty();
    }

    @Test
    void abortsWhatTheStoreRefuses() throws Exception {
        Path file = file();
        try (SmallStore store = new SmallStore();
                S3Client client = client(store)) {
            store.refuse(request -> request.contains("partNumber=2") ? 400 : 0);
            assertThatThrownBy(() -> put(client, "media", file, sha256(Files.newInputStream(file))))
                    .isInstanceOf(S3Exception.class);
            assertThat(store.requests()).contains("POST /media/large?uploads", "DELETE /media/large?uploadId=1");
            assertThat(store.requests()).noneMatch(request -> request.contains("partNumber=3"));
        }
    }

    private static void put(S3Client client, String bucket, Path file, String sha256) {
        client.putObject(
                request -> request.bucket(bucket).key("large").metadata(Map.of(FastPutS3Client.SHA256, sha256)),
                RequestBody.fromFile(file));
    }

    private static S3Client client(SmallStore store) {
        List<String> settings = store.settings("media");
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < settings.size(); i += 2) {
            all.put("mediaferry." + settings.get(i), settings.get(i + 1));
        }
        return ObjectStore.client(StorageSettings.of(Settings.load(null, Map.of(), all)), 2);
    }

    /** Mostly a hole, with something at its beginning and on both sides of a part's end. */
    private Path file() throws Exception {
        Path path = directory.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(new byte[] {1, 2, 3});
            file.seek(MultipartUpload.PART - 1);
            file.write(new byte[] {4, 5});
            file.setLength(LENGTH);
        }
        return path;
    }

    private static String sha256(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (in) {
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
