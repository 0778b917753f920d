package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files as other systems, other languages and other tools name and write them. */
@Tag("slow")
class ImportFilesRoutesTest {

    private static final String OWNER = "0d9e2f4a-1b3c-4d5e-8f60-718293a4b5c6";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("fetch.delay-per-host", "500ms");

    @TempDir
    private static Path directory;

    private static Engine engine;
    private static int folders;

    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        SANDBOX.execute(
                "create table owner (id uuid primary key)",
                "create table picture (id int generated always as identity primary key, owner uuid, name text, key text)");
        Files.writeString(
                directory.resolve("owners.csv"),
                "old,new\nann,%s\nbj\u00f6rn,{%s}\neve,%s\nnobody,\nbad,no uuid\n\n"
                        .formatted(OWNER.toUpperCase(java.util.Locale.ROOT), OWNER, OWNER.replace("-", "")));
        engine = SANDBOX.engine(
                """
                imports:
                  - name: album
                    maps:
                      owners: { file: %s, from: old, to: new, table: owner }
                    categories:
                      - name: pictures
                        path: "Gr\u00f6\u00dfe/{owner}/{name}"
                        skip:
                          - { part: name, values: ["\u00fcbrig"], reason: left over }
                        ids:
                          newOwner: { map: owners, of: owner }
                        folder: album
                        key: "{owner}/{name}.{ext}"
                        types: [image, video, svg]
                        record:
                          table: picture
                          columns: { owner: "{newOwner}", name: "{name}", key: "{key}" }
                """
                        .formatted(directory.resolve("owners.csv")));
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(directory.resolve("folder" + ++folders));
        SANDBOX.execute("insert into owner values ('" + OWNER + "')");
    }

    @Test
    void newIdsAreComparedAsTheirColumnDoes() throws Exception {
        picture("Gr\u00f6\u00dfe/ann/a", 1);
        picture("Gr\u00f6\u00dfe/bj\u00f6rn/a", 2);
        picture("Gr\u00f6\u00dfe/eve/a", 3);
        picture("Gr\u00f6\u00dfe/bad/a", 4);
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(3);
        assertThat(report.problems()).isEmpty();
        assertThat(skipped(report)).containsOnlyKeys("table owner has no row with id no uuid");
    }

    @Test
    void anEntryWithoutNewIdIsTheFaultOfItsFilesAlone() throws Exception {
        picture("Gr\u00f6\u00dfe/ann/a", 1);
        picture("Gr\u00f6\u00dfe/nobody/a", 2);
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(skipped(report)).containsOnlyKeys("map owners has an entry without a new id for owner nobody");
    }

    @Test
    void namesMatchHoweverTheirAccentsAreWritten() throws Exception {
        picture(Normalizer.normalize("Gr\u00f6\u00dfe/bj\u00f6rn/", Normalizer.Form.NFD) + "a", 1);
        picture("Gr\u00f6\u00dfe/bj\u00f6rn/b", 2);
        picture(Normalizer.normalize("Gr\u00f6\u00dfe/ann/\u00fcbrig", Normalizer.Form.NFD), 3);
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(skipped(report)).containsOnlyKeys("left over");
    }

    @Test
    void longNamesThatDifferAtTheirEndsAreTwoObjects() throws Exception {
        String name = "\u5199\u771f".repeat(12) + "\u5199";
        picture("Gr\u00f6\u00dfe/ann/" + name + "\u4e00", 1);
        picture("Gr\u00f6\u00dfe/ann/" + name + "\u4e8c", 2);
        assertThat(run().migrated()).isEqualTo(2);
        assertThat(SANDBOX.keys()).hasSize(2);
    }

    @Test
    void aPlanPromisesOnlyWhatARunTakes() throws Exception {
        Map<String, byte[]> others = Map.of(
                "psd", text("8BPS\0\1\0\0\0\0\0\0\0\3"),
                "jp2", text("\0\0\0\u000cjP  \r\n\u0087\n\0\0\0\u0014ftypjp2 "),
                "wmv",
                        bytes(
                                0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62,
                                0xce, 0x6c),
                "mpg", bytes(0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1),
                "flv", text("FLV\1\5\0\0\0\u0009\0\0\0\0"),
                "xcf", text("gimp xcf v011\0"),
                "exr", bytes(0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0));
        for (Map.Entry<String, byte[]> other : others.entrySet()) {
            file("Gr\u00f6\u00dfe/ann/" + other.getKey(), Arrays.copyOf(other.getValue(), 6000));
        }
        file("Gr\u00f6\u00dfe/ann/svg", text("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
        file("Gr\u00f6\u00dfe/ann/mp4", LocalCache.video(1));
        ImportReport plan = run(true);
        ImportReport run = run(false);
        assertThat(run.failed()).isZero();
        assertThat(run.migrated()).isEqualTo(plan.migratable());
        assertThat(SANDBOX.keys()).contains("album/ann/svg.svg", "album/ann/mp4.mp4");
    }

    @Test
    void whatTheFinderLeavesIsListedAsIgnored() throws Exception {
        picture("Gr\u00f6\u00dfe/ann/a", 1);
        // A picture all the same.
        picture("Gr\u00f6\u00dfe/ann/._b", 2);
        file("Gr\u00f6\u00dfe/ann/._a", bytes(0, 5, 0x16, 7, 0, 2, 0, 0));
        file("__MACOSX/Gr\u00f6\u00dfe/ann/._a", bytes(0, 5, 0x16, 7, 0, 2, 0, 0));
        file(".DS_Store", bytes(0, 0, 0, 1, 'B', 'u', 'd', '1'));
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(skipped(report)).isEmpty();
        assertThat(SANDBOX.sql()
                        .sql("select path || ' ' || reason from mediaferry.inventory where entry is null order by path")
                        .query(String.class)
                        .list())
                .hasSize(3)
                .allMatch(line -> line.endsWith(" ignored: left by the Finder of macOS"));
    }

    @Test
    void aResumedImportWaitsForNoHost() throws Exception {
        for (int i = 0; i < 40; i++) {
            picture("Gr\u00f6\u00dfe/ann/p" + i, i);
        }
        run();
        SANDBOX.execute(
                "update mediaferry.transfer set state = 'waiting', object_state = 'unknown', due = now()",
                "truncate picture");
        SANDBOX.keys().forEach(key -> SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key(key)));
        ImportReport report = run();
        assertThat(report.migrated()).isEqualTo(40);
        // At the pace of a host it would be twenty.
        assertThat(report.seconds()).isLessThan(15);
    }

    private static Map<String, Long> skipped(ImportReport report) {
        return report.categories().get(0).skipped();
    }

    private ImportReport run() {
        return run(false);
    }

    private ImportReport run(boolean dry) {
        return engine.importFolder(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), dry, OptionalLong.empty(), Optional.empty()));
    }

    private void picture(String path, int seed) throws IOException {
        file(path, Pictures.jpeg(seed));
    }

    private void file(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
