package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.archive.CleanReport;
import dev.mediaferry.archive.Cleaning;
import dev.mediaferry.engine.Services;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.RegistryFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** A whole archive by its commands: 1,082 media, of which 946 are pictures and 136 videos. */
@Tag("slow")
class ArchiveCommandTest {

    private static final int IMAGES = 946;
    private static final int VIDEOS = 136;
    private static final int MISSING_IMAGES = 17;
    private static final int MISSING_VIDEOS = 4;
    private static final int CHANGED_IMAGES = 9;
    private static final int CHANGED_VIDEOS = 3;
    private static final int GOOD = IMAGES + VIDEOS - MISSING_IMAGES - MISSING_VIDEOS - CHANGED_IMAGES - CHANGED_VIDEOS;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @TempDir
    private static Path directory;

    private static Path dir;
    private static LocalCache cache;

    @BeforeAll
    static void createTable() throws Exception {
        cache = LocalCache.create(directory, SANDBOX);
        dir = cache.dir();
    }

    @BeforeEach
    void emptyTheCache() throws Exception {
        cache.clear();
    }

    @Test
    void archivesAWholeCacheInTwoRunsAndCleansItUp() throws Exception {
        fill();
        JsonNode before = status(0, "--check-local");
        assertThat(before.path("rows").asInt()).isEqualTo(IMAGES + VIDEOS);
        assertThat(before.path("archived").asInt()).isZero();
        assertThat(before.path("types").get(0).path("rows").asInt()).isEqualTo(IMAGES);
        assertThat(before.path("types").get(1).path("rows").asInt()).isEqualTo(VIDEOS);
        assertThat(before.path("local").path("withoutFile").asInt()).isEqualTo(MISSING_IMAGES + MISSING_VIDEOS);
        assertThat(before.path("local").path("filesWithoutRow").asInt()).isEqualTo(2);

        JsonNode planned = json(0, "archive", "--dry-run");
        assertThat(planned.path("found").asInt()).isEqualTo(IMAGES + VIDEOS);
        assertThat(SANDBOX.keys()).isEmpty();

        JsonNode first = json(0, "archive", "post-media", "--limit", "400", "--batch-size", "50");
        JsonNode second = json(1, "archive");
        assertThat(first.path("found").asInt()).isEqualTo(400);
        assertThat(first.path("found").asInt() + second.path("found").asInt()).isEqualTo(IMAGES + VIDEOS);
        assertThat(first.path("migrated").asInt() + second.path("migrated").asInt())
                .isEqualTo(GOOD);
        assertThat(dead(first, second, "missing-file")).isEqualTo(MISSING_IMAGES + MISSING_VIDEOS);
        assertThat(dead(first, second, "checksum-mismatch")).isEqualTo(CHANGED_IMAGES + CHANGED_VIDEOS);
        assertThat(json(0, "archive").path("found").asInt()).isZero();
        assertThat(SANDBOX.keys()).hasSize(GOOD).allMatch(key -> key.matches("cache/2024/05/[0-9a-f]{32}\\.(jpg|mp4)"));
        assertThat(cache.target(1)).startsWith("s3://" + SANDBOX.bucketName() + "/cache/2024/05/");

        JsonNode after = status(0, "--verify", "--limit", "2000");
        assertThat(after.path("archived").asInt()).isEqualTo(GOOD);
        assertThat(after.path("notArchived").asInt()).isEqualTo(IMAGES + VIDEOS - GOOD);
        assertThat(after.path("percent").asDouble()).isEqualTo(97.0);
        assertThat(after.path("objects").path("checked").asInt()).isEqualTo(GOOD);
        assertThat(json(0, "verify", "--field", "archive.post-media", "--deep")
                        .path("objects")
                        .asInt())
                .isEqualTo(GOOD);

        cleans();
    }

    /** One object is gone, one has other bytes, one file was changed since: those files stay. */
    private void cleans() throws Exception {
        long files = files();
        assertThat(json(0, "archive", "clean", "--older-than", "1h")
                        .path("deleted")
                        .asInt())
                .isZero();
        List<String> keys = SANDBOX.keys();
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(keys.get(0)));
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(keys.get(1)),
                        RequestBody.fromBytes(Pictures.jpeg(5000)));
        assertThat(status(1, "--verify").path("objects").path("bad").asInt()).isEqualTo(2);
        Files.write(dir.resolve("images/1.jpg"), Pictures.jpeg(5001));
        JsonNode look = json(1, "archive", "clean", "--dry-run");
        assertThat(look.path("deleted").asInt()).isEqualTo(GOOD - 3);
        assertThat(files()).isEqualTo(files);

        JsonNode report = json(1, "archive", "clean");
        assertThat(report.path("deleted").asInt()).isEqualTo(GOOD - 3);
        assertThat(report.path("kept").path("object-missing").asInt()).isEqualTo(1);
        assertThat(report.path("kept").path("object-differs").asInt()).isEqualTo(1);
        assertThat(report.path("kept").path("file-differs").asInt()).isEqualTo(1);
        assertThat(files()).isEqualTo(files - (GOOD - 3));
        assertThat(json(1, "archive", "clean").path("gone").asInt()).isEqualTo(GOOD - 3);

        JsonNode rollback = json(0, "rollback", "--field", "archive.post-media");
        assertThat(rollback.path("restored").asInt()).isEqualTo(GOOD);
        assertThat(SANDBOX.sql()
                        .sql("select count(*) from post_media where archive_url is not null")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void keepsAFileThatAnotherRowWaitsFor() throws Exception {
        String md5 = LocalCache.md5(Pictures.jpeg(1));
        cache.row(1, "image", cache.file("images/shared.jpg", Pictures.jpeg(1)), md5, "image/jpeg");
        json(0, "archive");
        cache.row(2, "image", "images/shared.jpg", md5, "image/jpeg");
        JsonNode report = json(0, "archive", "clean");
        assertThat(report.path("deleted").asInt()).isZero();
        assertThat(report.path("kept").path("pending").asInt()).isEqualTo(1);
        json(0, "archive");
        assertThat(json(0, "archive", "clean").path("deleted").asInt()).isEqualTo(1);
        assertThat(dir.resolve("images/shared.jpg")).doesNotExist();
    }

    @Test
    void keepsAFileWhoseRowIsRolledBackWhileItsObjectIsRead() throws Exception {
        picture(1, "images/back.jpg", Pictures.jpeg(31));
        json(0, "archive");
        CleanReport report = clean(() -> SANDBOX.execute(
                "update post_media set archive_url = null",
                "update mediaferry.transfer set state = 'rolled_back', object_state = 'removed'"));
        assertThat(report.deleted()).isZero();
        assertThat(report.kept()).containsEntry("pending", 1L);
        assertThat(dir.resolve("images/back.jpg")).hasBinaryContent(Pictures.jpeg(31));
    }

    @Test
    void keepsAFileWhoseRowChangesOrIsLockedWhileItsObjectIsRead() throws Exception {
        picture(1, "images/moved.jpg", Pictures.jpeg(32));
        picture(2, "images/locked.jpg", Pictures.jpeg(33));
        json(0, "archive");
        try (Connection user = SANDBOX.connect();
                Statement statement = user.createStatement()) {
            user.setAutoCommit(false);
            statement.execute("select 1 from post_media where media_id = 2 for update");
            CleanReport report = clean(() -> SANDBOX.execute(
                    "update post_media set archive_url = 'https://elsewhere.example/1' where media_id = 1"));
            assertThat(report.deleted()).isZero();
            assertThat(report.kept()).containsEntry("row-changed", 2L);
            user.rollback();
        }
        assertThat(dir.resolve("images/moved.jpg")).exists();
        assertThat(dir.resolve("images/locked.jpg")).exists();
    }

    @Test
    void keepsAFileThatIsReplacedWhileItsObjectIsRead() throws Exception {
        picture(1, "images/replaced.jpg", Pictures.jpeg(34));
        json(0, "archive");
        CleanReport report = clean(() -> {
            cache.file("images/replaced.jpg", Pictures.jpeg(35));
        });
        assertThat(report.kept()).containsEntry("file-differs", 1L);
        assertThat(dir.resolve("images/replaced.jpg")).hasBinaryContent(Pictures.jpeg(35));
    }

    @Test
    void keepsAFileThatAnotherArchiveOfItsDirectoryNeeds() throws Exception {
        SANDBOX.execute(LocalCache.TABLE.replace("post_media", "story_media"));
        picture(1, "images/a.jpg", Pictures.jpeg(36));
        picture(2, "images/b.jpg", Pictures.jpeg(37));
        picture(3, "images/c.jpg", Pictures.jpeg(38));
        Path same = Files.createSymbolicLink(directory.resolve("same"), dir).resolve("images");
        String two =
                """
                archives:
                  - { name: post-media, table: post_media, id: media_id, dir: "%s" }
                  - { name: stories, table: story_media, id: media_id, dir: "%s", key: "stories/{md5}.{ext}" }
                """
                        .formatted(dir, same);
        assertThat(run(two, "archive", "post-media")).isZero();
        SANDBOX.execute(
                "insert into story_media select * from post_media",
                "update story_media set archive_url = null, local_file_path = substr(local_file_path, 8)",
                // It expects other bytes in that file, which is for its owner to find out.
                "update story_media set md5_sum = repeat('0', 32) where media_id = 2");
        JsonNode before = json(two, 0, "archive", "clean", "post-media");
        assertThat(before.path("deleted").asInt()).isZero();
        assertThat(before.path("kept").path("pending").asInt()).isEqualTo(3);

        assertThat(run(two, "archive", "stories")).isEqualTo(1);
        SANDBOX.bucket().deleteObject(request -> request.bucket(SANDBOX.bucketName())
                .key("stories/" + LocalCache.md5(Pictures.jpeg(38)) + ".jpg"));
        JsonNode after = json(two, 1, "archive", "clean", "post-media");
        assertThat(after.path("deleted").asInt()).isEqualTo(1);
        assertThat(after.path("kept").path("pending").asInt()).isEqualTo(1);
        assertThat(after.path("kept").path("object-missing").asInt()).isEqualTo(1);
        assertThat(dir.resolve("images/a.jpg")).doesNotExist();
        assertThat(dir.resolve("images/b.jpg")).exists();
        assertThat(dir.resolve("images/c.jpg")).exists();
    }

    @Test
    void saysWhichKeysAreTakenAndOverwritesNothing() throws Exception {
        picture(1, "images/theirs.jpg", Pictures.jpeg(41));
        picture(2, "images/same.jpg", Pictures.jpeg(42));
        picture(3, "images/free.jpg", Pictures.jpeg(43));
        String theirs = "cache/2024/05/" + LocalCache.md5(Pictures.jpeg(41)) + ".jpg";
        String same = "cache/2024/05/" + LocalCache.md5(Pictures.jpeg(42)) + ".jpg";
        upload(theirs, Pictures.jpeg(40));
        upload(same, Pictures.jpeg(42));

        JsonNode plan = json(0, "archive", "--dry-run").path("fields").get(0);
        assertThat(plan.path("found").asInt()).isEqualTo(2);
        assertThat(plan.path("skipped")
                        .path("the bucket has other bytes under this key")
                        .asInt())
                .isEqualTo(1);
        assertThat(plan.path("taken").get(0).asText()).isEqualTo("images/theirs.jpg -> " + theirs);

        JsonNode report = json(1, "archive");
        assertThat(report.path("migrated").asInt()).isEqualTo(2);
        assertThat(report.path("dead").path("key-taken").asInt()).isEqualTo(1);
        assertThat(SANDBOX.object(theirs)).isEqualTo(Pictures.jpeg(40));
        JsonNode clean = json(0, "archive", "clean");
        assertThat(clean.path("deleted").asInt()).isEqualTo(1);
        json(0, "rollback", "--field", "archive.post-media", "--delete-objects");
        assertThat(SANDBOX.keys()).containsExactlyInAnyOrder(theirs, same);
    }

    private static void upload(String key, byte[] bytes) {
        SANDBOX.bucket()
                .putObject(request -> request.bucket(SANDBOX.bucketName()).key(key), RequestBody.fromBytes(bytes));
    }

    private static void picture(long id, String name, byte[] bytes) throws Exception {
        cache.row(id, "image", cache.file(name, bytes), LocalCache.md5(bytes), "image/jpeg");
    }

    /** @param meanwhile done while the objects are read */
    private static CleanReport clean(Executable meanwhile) throws Exception {
        URI address = URI.create(SANDBOX.settings().text("storage.endpoint"));
        SANDBOX.forgetStores();
        try (Gate store = new Gate(address.getPort());
                Services services =
                        Services.open(SANDBOX.settings("storage.endpoint", "http://127.0.0.1:" + store.port()))) {
            Registry parsed = RegistryFile.parse("registry.yaml", cache.registry());
            List<ArchiveTable> archives = services.entries(parsed).archives();
            Cleaning cleaning = new Cleaning(services.database(), services.buckets(parsed), archives);
            store.stall();
            CompletableFuture<Void> done =
                    CompletableFuture.runAsync(() -> cleaning.clean(archives.get(0), Duration.ZERO, false));
            Awaitility.await().until(store::isHolding);
            meanwhile.execute();
            store.open();
            done.get(30, TimeUnit.SECONDS);
            return cleaning.report(false);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesWhatIsWrongWithTheRegistry() throws Exception {
        assertThat(run("archives: [{ name: p, table: post_media, dir: x }]", "archive"))
                .isEqualTo(2);
        assertThat(commands.err()).contains("archive.p", "x is no directory");
        assertThat(run("archives: [{ name: p, table: post_media, dir: \"" + dir + "\" }]", "archive"))
                .isEqualTo(2);
        assertThat(commands.err()).contains("table post_media has no column id");
        assertThat(run(
                        "archives: [{ name: p, table: post_media, id: media_id, md5: md5sum, created: media_url, dir: \""
                                + dir + "\" }]",
                        "archive"))
                .isEqualTo(2);
        assertThat(commands.err())
                .contains("has no column md5sum", "did you mean md5_sum?", "media_url is of type text");
        assertThat(run(Sandbox.REGISTRY, "archive", "status")).isEqualTo(2);
        assertThat(commands.err()).contains("the registry has no archives");
        assertThat(run(cache.registry(), "archive", "post-medium")).isEqualTo(2);
        assertThat(commands.err()).contains("did you mean archive.post-media?");
    }

    /** Rows whose files lie where the table says, under their MD5, under another extension, nowhere, or are others. */
    private static void fill() throws Exception {
        cache.file("images/0123456789abcdef0123456789abcdef.jpg", Pictures.jpeg(9000));
        cache.file("notes.txt", new byte[] {1});
        for (int id = 1; id <= IMAGES + VIDEOS; id++) {
            boolean video = id > IMAGES;
            int number = video ? id - IMAGES : id;
            byte[] bytes = video ? LocalCache.video(id) : Pictures.jpeg(id);
            String md5 = LocalCache.md5(bytes);
            String folder = video ? "videos/" : "images/";
            String extension = video ? ".mp4" : ".jpg";
            int missing = video ? VIDEOS - MISSING_VIDEOS : IMAGES - MISSING_IMAGES;
            int changed = video ? missing - CHANGED_VIDEOS : missing - CHANGED_IMAGES;
            String path = folder + number + extension;
            if (number > changed && number <= missing) {
                cache.file(path, video ? LocalCache.video(id + 10_000) : Pictures.jpeg(id + 10_000));
            } else if (number <= missing) {
                // Every third lies where the table says, every third under its MD5, every third under an odd name.
                String name = number % 3 == 1 ? path : folder + md5 + (number % 3 == 2 ? extension : ".odd");
                cache.file(name, bytes);
            }
            String mime = id % 5 == 0 ? "application/octet-stream" : video ? "video/mp4" : "image/jpeg";
            cache.row(id, video ? "video" : "image", path, md5, mime);
        }
    }

    private static long files() throws Exception {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static int dead(JsonNode first, JsonNode second, String kind) {
        return first.path("dead").path(kind).asInt()
                + second.path("dead").path(kind).asInt();
    }

    private JsonNode status(int exitCode, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of("archive", "status"));
        line.addAll(List.of(more));
        return json(exitCode, line.toArray(String[]::new)).path("archives").get(0);
    }

    private JsonNode json(int exitCode, String... command) throws Exception {
        return json(cache.registry(), exitCode, command);
    }

    private JsonNode json(String registry, int exitCode, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(command));
        line.add("--json");
        commands.registry(registry);
        return commands.json(exitCode, line.toArray(String[]::new));
    }

    private int run(String registry, String... command) throws Exception {
        commands.registry(registry);
        return commands.run(command);
    }
}
