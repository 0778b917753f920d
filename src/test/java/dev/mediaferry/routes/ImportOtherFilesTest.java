package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Files of types that nobody knows, and keys without a folder. */
@Tag("slow")
class ImportOtherFilesTest {

    private static final String AVATARS = "avatars-without-folder";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static Engine engine;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        SANDBOX.bucket().createBucket(request -> request.bucket(AVATARS));
        SANDBOX.execute(
                "create table file (id int generated always as identity primary key, key text, type text, url text)");
        engine = SANDBOX.engine(
                """
                buckets: [{ name: avatars, bucket: %s }]
                imports:
                  - name: old
                    categories:
                      - name: documents
                        path: "documents/{name}"
                        folder: documents
                        key: "{name}.{ext}"
                        types: [image, other]
                        record: { table: file, columns: { key: "{key}", type: "{type}", url: "{url}" } }
                      - name: avatars
                        path: "avatars/{user}/{name}"
                        bucket: avatars
                        key: "{user}/{name}.{ext}"
                        record: { table: file, columns: { key: "{key}", type: "{type}", url: "{url}" } }
                """
                        .formatted(AVATARS));
    }

    @Test
    void storesWhatNobodyKnowsAsBytesWhereTheCategoryAllowsIt() throws Exception {
        byte[] unknown = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        byte[] page = "<!DOCTYPE html><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        write("documents/unknown", unknown);
        write("documents/page", page);
        write("documents/picture", Pictures.jpeg(1));
        write("documents/drawing", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8));
        write("documents/paper", "%PDF-1.7\n".getBytes(StandardCharsets.UTF_8));
        write("documents/half", java.util.Arrays.copyOf(Pictures.jpeg(2), 400));
        ImportReport report = run();
        assertThat(SANDBOX.keys())
                .containsExactly("documents/page.bin", "documents/picture.jpg", "documents/unknown.bin");
        assertThat(SANDBOX.object("documents/unknown.bin")).isEqualTo(unknown);
        assertThat(SANDBOX.head("documents/page.bin").contentType()).isEqualTo("application/octet-stream");
        assertThat(SANDBOX.sql()
                        .sql("select type from file where key = 'documents/page.bin'")
                        .query(String.class)
                        .single())
                .isEqualTo("application/octet-stream");
        assertThat(report.categories().get(0).skipped())
                .containsOnly(
                        Map.entry("unsupported type image/svg+xml, the category takes image, other", 1L),
                        Map.entry("unsupported type application/pdf, the category takes image, other", 1L));
        assertThat(SANDBOX.outcome("documents/half")).isEqualTo("waiting truncated");
    }

    @Test
    void leavesUnknownTypesOutWhereTheCategoryDoesNotAllowThem() throws Exception {
        write("avatars/u1/unknown", new byte[] {1, 2, 3});
        assertThat(run().categories().get(1).skipped())
                .containsOnlyKeys("unsupported type application/octet-stream, the category takes image, video");
    }

    @Test
    void makesKeysWithoutAFolder() throws Exception {
        write("avatars/u1/me", Pictures.jpeg(3));
        assertThat(run().validation()).isEqualTo("valid");
        assertThat(keys()).containsExactly("u1/me.jpg");
        assertThat(SANDBOX.sql().sql("select url from file").query(String.class).single())
                .endsWith("/" + AVATARS + "/u1/me.jpg");
        assertThat(run().categories().get(1).skipped()).containsOnlyKeys("imported already");
    }

    private static List<String> keys() {
        return SANDBOX.bucket().listObjectsV2Paginator(request -> request.bucket(AVATARS)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private ImportReport run() {
        return engine.importFolder(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), false, OptionalLong.empty(), Optional.empty()));
    }

    private void write(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
