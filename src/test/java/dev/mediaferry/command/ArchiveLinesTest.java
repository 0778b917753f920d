package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each file of an archive has its line. */
@Tag("slow")
class ArchiveLinesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @TempDir
    private static Path directory;

    private static LocalCache cache;

    @BeforeAll
    static void createTable() throws Exception {
        cache = LocalCache.create(directory, SANDBOX);
    }

    @BeforeEach
    void fill() throws Exception {
        cache.clear();
        commands.registry(cache.registry());
        for (int i = 1; i <= 4; i++) {
            byte[] bytes = Pictures.jpeg(i);
            cache.row(i, "image", cache.file("images/" + i + ".jpg", bytes), LocalCache.md5(bytes), "image/jpeg");
        }
        cache.row(5, "image", "images/5.jpg", LocalCache.md5(Pictures.jpeg(5)), "image/jpeg");
    }

    @Test
    void showsBatchesWithALineForEachFileWhereSomebodyLooks() throws Exception {
        assertThat(commands.run("archive", "--batch-size", "2", "-v")).isEqualTo(1);
        assertThat(commands.err())
                .contains(
                        "Archiving 5 files into bucket " + SANDBOX.bucketName(),
                        "Batch 1/3 (2 files)",
                        "Batch 3/3 (1 files)",
                        " 1  images/1.jpg -> cache/2024/05/" + LocalCache.md5(Pictures.jpeg(1)) + ".jpg",
                        " 5  images/" + LocalCache.md5(Pictures.jpeg(5))
                                + ".jpg  missing-file: the file is not there; looked for images/5.jpg");
        assertThat(commands.err().lines().filter(line -> line.matches("  (✓|ok) \\d  .*")))
                .hasSize(4);
        assertThat(commands.err().lines().filter(line -> line.matches("  (✗|FAILED) 5  .*")))
                .hasSize(1);
        assertThat(commands.out()).doesNotContain("images/1.jpg").contains("4 of 5 rows moved");
    }

    @Test
    void showsNoLinesWhereNobodyLooks() throws Exception {
        assertThat(commands.run("archive")).isEqualTo(1);
        assertThat(commands.err()).doesNotContain("images/1.jpg");
    }

    @Test
    void listsFilesAndKeysInADryRun() throws Exception {
        assertThat(commands.run("archive", "--dry-run")).isZero();
        assertThat(commands.out())
                .contains(
                        "Would archive 5 files",
                        "images/3.jpg -> cache/2024/05/",
                        ".jpg  is missing",
                        "Dry run: 5 rows");
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(commands.run("archive", "--dry-run", "--limit", "2")).isZero();
        assertThat(commands.out()).contains("images/2.jpg").doesNotContain("images/3.jpg");
        assertThat(commands.run("archive")).isEqualTo(1);
        SANDBOX.execute("update post_media set archive_url = null where media_id = 1");
        assertThat(commands.run("archive", "--dry-run")).isZero();
        assertThat(commands.out()).contains("images/1.jpg").doesNotContain("images/2.jpg", "is missing");
        cache.file("images/5.jpg", Pictures.jpeg(5));
        assertThat(commands.run("archive", "--dry-run")).isZero();
        assertThat(commands.out()).contains("images/1.jpg", "images/5.jpg -> ");
        assertThat(commands.run("archive", "--dry-run", "--json")).isZero();
        assertThat(commands.out()).startsWith("{").doesNotContain("images/1.jpg");
    }
}
