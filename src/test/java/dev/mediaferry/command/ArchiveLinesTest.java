package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Each file of an archive has its line. */
@Tag("slow")
class ArchiveLinesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private static Path directory;

    private static Path dir;
    private static LocalCache cache;

    @BeforeAll
    static void createTable() throws Exception {
        dir = Files.createDirectory(directory.resolve("cache"));
        cache = new LocalCache(dir, SANDBOX);
        SANDBOX.execute(LocalCache.TABLE);
    }

    @BeforeEach
    void fill() throws Exception {
        FileSystemUtils.deleteRecursively(dir);
        Files.createDirectory(dir);
        for (int i = 1; i <= 4; i++) {
            byte[] bytes = Pictures.jpeg(i);
            cache.row(i, "image", cache.file("images/" + i + ".jpg", bytes), LocalCache.md5(bytes), "image/jpeg");
        }
        cache.row(5, "image", "images/5.jpg", LocalCache.md5(Pictures.jpeg(5)), "image/jpeg");
    }

    @Test
    void showsBatchesWithALineForEachFileWhereSomebodyLooks() throws Exception {
        assertThat(run("archive", "--batch-size", "2", "-v")).isEqualTo(1);
        assertThat(output.err())
                .contains(
                        "Archiving 5 files into bucket " + SANDBOX.bucketName(),
                        "Batch 1/3 (2 files)",
                        "Batch 3/3 (1 files)",
                        " 1  images/1.jpg -> cache/2024/05/" + LocalCache.md5(Pictures.jpeg(1)) + ".jpg",
                        " 5  images/" + LocalCache.md5(Pictures.jpeg(5))
                                + ".jpg  missing-file: the file is not there; looked for images/5.jpg");
        assertThat(output.err().lines().filter(line -> line.matches("  (✓|ok) \\d  .*")))
                .hasSize(4);
        assertThat(output.err().lines().filter(line -> line.matches("  (✗|FAILED) 5  .*")))
                .hasSize(1);
        assertThat(output.out()).doesNotContain("images/1.jpg").contains("4 of 5 rows moved");
    }

    @Test
    void showsNoLinesWhereNobodyLooks() throws Exception {
        assertThat(run("archive")).isEqualTo(1);
        assertThat(output.err()).doesNotContain("images/1.jpg");
    }

    @Test
    void listsFilesAndKeysInADryRun() throws Exception {
        assertThat(run("archive", "--dry-run")).isZero();
        assertThat(output.out())
                .contains(
                        "Would archive 5 files",
                        "images/3.jpg -> cache/2024/05/",
                        ".jpg  is missing",
                        "Dry run: 5 rows");
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(run("archive", "--dry-run", "--limit", "2")).isZero();
        assertThat(output.out()).contains("images/2.jpg").doesNotContain("images/3.jpg");
        assertThat(run("archive")).isEqualTo(1);
        SANDBOX.execute("update post_media set archive_url = null where media_id = 1");
        assertThat(run("archive", "--dry-run")).isZero();
        assertThat(output.out()).contains("images/1.jpg").doesNotContain("images/2.jpg", "is missing");
        cache.file("images/5.jpg", Pictures.jpeg(5));
        assertThat(run("archive", "--dry-run")).isZero();
        assertThat(output.out()).contains("images/1.jpg", "images/5.jpg -> ");
        assertThat(run("archive", "--dry-run", "--json")).isZero();
        assertThat(output.out()).startsWith("{").doesNotContain("images/1.jpg");
    }

    private int run(String... command) throws Exception {
        output.reset();
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(SANDBOX.options(
                directory,
                "archives: [{ name: post-media, table: post_media, id: media_id, dir: \"" + dir + "\" }]\n"));
        return MediaferryCommand.execute(line.toArray(String[]::new));
    }
}
