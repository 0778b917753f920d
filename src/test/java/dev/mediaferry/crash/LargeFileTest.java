package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A video that is larger than the memory of the process that archives it; {@code mvn -Plarge} makes it 1 GB. */
@Tag("slow")
class LargeFileTest {

    /** Less than one part of each of a few uploads would take if it were held in memory. */
    private static final String HEAP = "-Xmx48m";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path directory;

    @Test
    void isArchivedInConstantMemory() throws Exception {
        long length = Long.getLong("large.megabytes", 100) * 1_000_000;
        LocalCache cache = new LocalCache(directory.resolve("cache"), SANDBOX);
        SANDBOX.execute(LocalCache.TABLE);
        Path file = cache.dir().resolve(cache.file("videos/large.mp4", LocalCache.video(1)));
        try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.setLength(length);
        }
        String md5 = hash("MD5", Files.newInputStream(file));
        cache.row(1, "video", "videos/large.mp4", md5, "video/mp4");
        List<String> options = SANDBOX.options(
                directory,
                "archives: [{ name: posts, table: post_media, id: media_id, dir: \"" + cache.dir() + "\" }]\n");
        try (Program program = Program.start(options, List.of(HEAP), "archive")) {
            assertThat(program.await(60 + length / 2_000_000)).as(program.err()).isZero();
        }
        String key = "cache/2024/05/" + md5 + ".mp4";
        assertThat(cache.target(1)).endsWith(key);
        assertThat(SANDBOX.head(key).contentLength()).isEqualTo(length);
        assertThat(SANDBOX.head(key).metadata()).containsEntry("mediaferry-ledger", SANDBOX.ledgerId());
        assertThat(SANDBOX.head(key).metadata().get("sha256"))
                .isEqualTo(hash("SHA-256", Files.newInputStream(file)))
                .isEqualTo(hash("SHA-256", SANDBOX.bucket().getObject(request -> request.bucket(SANDBOX.bucketName())
                        .key(key))));
    }

    private static String hash(String algorithm, InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        try (in) {
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
