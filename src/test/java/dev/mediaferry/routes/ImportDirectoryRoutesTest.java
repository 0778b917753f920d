package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.registry.RegistryFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is dropped into the import directory of a service. */
@Tag("slow")
class ImportDirectoryRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private static Path directory;

    @TempDir
    private static Path outside;

    private static Engine engine;

    @BeforeAll
    static void startTheService() throws IOException {
        SANDBOX.execute("create table picture (id int generated always as identity primary key, key text, url text)");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String registry =
                """
                imports:
                  - name: shots
                    categories:
                      - name: all
                        path: "shots/{name}"
                        folder: shots
                        key: "{name}.{ext}"
                        record: { table: picture, columns: { key: "{key}", url: "{url}" } }
                """;
        engine = Engine.start(
                Services.open(SANDBOX.settings(
                        "import.dir", directory.toString(),
                        "import.stable", "300ms",
                        "import.max-unpacked", "300MB",
                        "schedule", "off",
                        "server.port", Integer.toString(port))),
                RegistryFile.parse("registry.yaml", registry),
                Path.of("routes").toAbsolutePath(),
                Set.of(Capability.SERVE));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void takesAFolderInWhichNothingChangesAnyMore() throws Exception {
        folder("shots-1", 1, 2);
        assertThat(report(".done", "shots-1").path("migrated").asInt()).isEqualTo(2);
        assertThat(directory.resolve(".done/shots-1/shots/p1")).exists();
        assertThat(directory.resolve("shots-1")).doesNotExist();
        assertThat(directory.resolve(".done/shots-1.report.txt"))
                .content()
                .containsPattern("Run \\d+: 2 of 2 files imported")
                .containsPattern("CATEGORY +FILES +IMPORTED")
                .contains("Validation: valid");
        assertThat(SANDBOX.keys()).containsExactly("shots/p1.jpg", "shots/p2.jpg");
    }

    @Test
    void changesNothingWhenTheSameComesAgain() throws Exception {
        folder("shots-2", 3);
        report(".done", "shots-2");
        folder("shots-2", 3);
        JsonNode again = report(".done", "shots-2-2");
        assertThat(again.path("migrated").asInt()).isZero();
        assertThat(again.path("skipped").asInt()).isEqualTo(1);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void unpacksArchives() throws Exception {
        Path zip = outside.resolve("a.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            // As most people pack: the folder itself, not what is in it.
            add(out, new ZipArchiveEntry("backup/shots/p4"), Pictures.jpeg(4));
        }
        Path tar = outside.resolve("b.tar.gz");
        tar(tar, "shots/p5", Pictures.jpeg(5));
        drop(zip);
        drop(tar);
        assertThat(report(".done", "a.zip").path("migrated").asInt()).isEqualTo(1);
        assertThat(report(".done", "b.tar.gz").path("migrated").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly("shots/p4.jpg", "shots/p5.jpg");
    }

    @Test
    void findsTheOneFolderBesideWhatTheFinderLeaves() throws Exception {
        byte[] litter = {0, 5, 0x16, 7, 0, 2, 0, 0};
        Path zip = outside.resolve("finder.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            add(out, new ZipArchiveEntry("backup/.DS_Store"), litter);
            add(out, new ZipArchiveEntry("backup/shots/p20"), Pictures.jpeg(20));
            add(out, new ZipArchiveEntry("__MACOSX/._backup"), litter);
            add(out, new ZipArchiveEntry("__MACOSX/backup/shots/._p20"), litter);
        }
        Path tar = outside.resolve("finder.tar.gz");
        try (OutputStream raw = Files.newOutputStream(tar);
                TarArchiveOutputStream out = new TarArchiveOutputStream(new GzipCompressorOutputStream(raw))) {
            for (String name :
                    new String[] {"./._backup", "./backup/._shots", "./backup/shots/._p21", "./backup/shots/p21"}) {
                byte[] bytes = name.endsWith("/p21") ? Pictures.jpeg(21) : litter;
                TarArchiveEntry entry = new TarArchiveEntry(name, true);
                entry.setSize(bytes.length);
                add(out, entry, bytes);
            }
        }
        drop(zip);
        drop(tar);
        JsonNode ofZip = report(".done", "finder.zip");
        assertThat(ofZip.path("migrated").asInt()).isEqualTo(1);
        assertThat(ofZip.path("ignoredFiles").get(0).asText()).isEqualTo(".DS_Store");
        JsonNode ofTar = report(".done", "finder.tar.gz");
        assertThat(ofTar.path("migrated").asInt()).isEqualTo(1);
        assertThat(ofTar.path("ignored").asInt()).isEqualTo(2);
        assertThat(directory.resolve(".done/finder.tar.gz.report.txt"))
                .content()
                .contains("Ignored, left by the Finder of macOS: 2, like ._shots");
    }

    @Test
    void findsTheOneFolderInAFolderToo() throws Exception {
        Path folder = outside.resolve("wrapped/again/backup/shots");
        Files.createDirectories(folder);
        Files.write(folder.resolve("p22"), Pictures.jpeg(22));
        Files.createFile(outside.resolve("wrapped/.complete"));
        Files.move(outside.resolve("wrapped"), directory.resolve("wrapped"));
        assertThat(report(".done", "wrapped").path("migrated").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly("shots/p22.jpg");
    }

    @Test
    void putsADropAwayOfWhichNothingFits() throws Exception {
        Path folder = outside.resolve("other/pictures");
        Files.createDirectories(folder);
        Files.write(folder.resolve("p23"), Pictures.jpeg(23));
        Files.move(outside.resolve("other"), directory.resolve("other"));
        assertThat(report(".failed", "other").path("nothingFits").asBoolean()).isTrue();
        assertThat(directory.resolve(".failed/other.report.txt")).content().contains("No file fits any pattern");
    }

    @Test
    void refusesOtherArchivesWithAWord() throws Exception {
        drop(Files.writeString(outside.resolve("b.7z"), "7z"));
        drop(Files.writeString(outside.resolve("b.tar.xz"), "xz"));
        assertThat(report(".failed", "b.7z").path("error").asText()).contains("is of a kind that is not taken");
        assertThat(report(".failed", "b.tar.xz").path("error").asText()).contains("is of a kind that is not taken");
    }

    @Test
    void refusesAnArchiveThatLeadsOutOfItself() throws Exception {
        Path tar = outside.resolve("evil.tar.gz");
        tar(tar, "../../shots/p6", Pictures.jpeg(6));
        drop(tar);
        assertThat(report(".failed", "evil.tar.gz").path("error").asText())
                .isEqualTo("the archive evil.tar.gz has an entry that leads out of it: ../../shots/p6");
    }

    @Test
    void refusesHalfAnArchive() throws Exception {
        Path whole = outside.resolve("whole.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(whole)) {
            add(out, new ZipArchiveEntry("shots/p7"), Pictures.jpeg(7));
        }
        byte[] bytes = Files.readAllBytes(whole);
        drop(Files.write(outside.resolve("half.zip"), Arrays.copyOf(bytes, bytes.length / 2)));
        assertThat(report(".failed", "half.zip").path("error").asText()).contains("is damaged, or not complete");
        assertThat(count()).isZero();
    }

    @Test
    void refusesAZipBomb() throws Exception {
        Path bomb = outside.resolve("bomb.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bomb)) {
            add(out, new ZipArchiveEntry("shots/p8"), new byte[150_000_000]);
        }
        drop(bomb);
        assertThat(report(".failed", "bomb.zip").path("error").asText()).contains("zip bomb");
    }

    @Test
    void takesAFolderThatIsMarkedAsComplete() throws Exception {
        folder("shots-9", 9);
        Files.writeString(directory.resolve("shots-9.complete"), "");
        assertThat(report(".done", "shots-9").path("migrated").asInt()).isEqualTo(1);
        assertThat(directory.resolve("shots-9.complete")).doesNotExist();
    }

    @Test
    void putsAFolderAwayOfWhichAFileFailed() throws Exception {
        Path folder = outside.resolve("shots-10/shots");
        Files.createDirectories(folder);
        Files.write(folder.resolve("p10"), Pictures.blank(1, 1));
        Files.move(outside.resolve("shots-10"), directory.resolve("shots-10"));
        JsonNode report = report(".failed", "shots-10");
        assertThat(report.path("failed").asInt() + report.path("waiting").asInt())
                .isEqualTo(1);
    }

    @Test
    void keepsADropWhoseListTheDatabaseHasLost() throws Exception {
        SANDBOX.execute(
                "create sequence losses",
                "create function lose_list() returns trigger language plpgsql as"
                        + " $$ begin if nextval('losses') = 1 then delete from mediaferry.inventory; end if; return null; end $$",
                "create trigger lose_list after insert on mediaferry.run execute function lose_list()");
        folder("shots-11", 11, 12);
        JsonNode report = report(".done", "shots-11");
        assertThat(report.path("migrated").asInt()).isEqualTo(2);
        assertThat(report.path("validation").asText()).isEqualTo("valid");
        assertThat(SANDBOX.sql()
                        .sql("select last_value from losses")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        SANDBOX.execute("drop trigger lose_list on mediaferry.run", "drop function lose_list", "drop sequence losses");
    }

    private static void folder(String name, int... seeds) throws IOException {
        Path folder = outside.resolve(name);
        Files.createDirectories(folder.resolve("shots"));
        for (int seed : seeds) {
            Files.write(folder.resolve("shots/p" + seed), Pictures.jpeg(seed));
        }
        Files.move(folder, directory.resolve(name));
    }

    private static void drop(Path archive) throws IOException {
        Files.move(archive, directory.resolve(archive.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void tar(Path file, String name, byte[] bytes) throws IOException {
        try (OutputStream raw = Files.newOutputStream(file);
                TarArchiveOutputStream out = new TarArchiveOutputStream(new GzipCompressorOutputStream(raw))) {
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(bytes.length);
            add(out, entry, bytes);
        }
    }

    private static <E extends ArchiveEntry> void add(ArchiveOutputStream<E> out, E entry, byte[] bytes)
            throws IOException {
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
    }

    private static JsonNode report(String where, String name) throws IOException {
        Path file = directory.resolve(where).resolve(name + ".report.json");
        await().until(() -> Files.exists(directory.resolve(where).resolve(name)));
        return new ObjectMapper().readTree(file.toFile());
    }

    private static long count() {
        return SANDBOX.sql()
                .sql("select count(*) from picture")
                .query(Long.class)
                .single();
    }
}
