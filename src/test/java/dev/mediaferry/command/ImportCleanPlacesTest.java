package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Gate;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Cleaning a folder where links, archives and other imports have to do with it. */
@Tag("slow")
class ImportCleanPlacesTest {

    private static final String FILE = "Pictures/1";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    static Path places;

    /** Made with the registry, which names the cache. */
    private final Path cache = places.resolve("cache");

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, registry(cache));

    private Path folder;

    private static String registry(Path cache) {
        return Sandbox.REGISTRY
                + """
                archives: [{ name: posts, table: post_media, id: media_id, dir: "%s" }]
                imports:
                  - name: pictures
                    categories:
                      - name: all
                        path: "Pictures/{n}"
                        folder: pictures
                        key: "{n}.{ext}"
                        record: { table: picture, columns: { object_key: "{key}" } }
                """
                        .formatted(cache);
    }

    @BeforeAll
    static void createTables() {
        SANDBOX.execute(
                "create table picture (id bigint generated always as identity primary key, object_key text)",
                "create table post_media (media_id bigint primary key, media_type text, media_url text,"
                        + " local_file_path text, md5_sum text, file_size bigint, mime_type text, archive_url text,"
                        + " created_at timestamptz)");
    }

    @BeforeEach
    void createFolder() throws IOException {
        folder = commands.directory().resolve("backup");
        write(folder);
        Files.createDirectories(cache);
    }

    @Test
    void takesNothingFromTheCacheOfAnArchiveThatALinkLeadsTo() throws Exception {
        write(cache);
        Path link = Files.createSymbolicLink(commands.directory().resolve("link"), cache);
        assertThat(commands.run("import", "run", link.toString()))
                .as(commands::err)
                .isZero();
        assertThat(commands.run("import", "clean", link.toString(), "--delete")).isEqualTo(2);
        assertThat(commands.err()).contains("cache of the archive");
        assertThat(cache.resolve(FILE)).exists();
    }

    @Test
    void movesNothingOntoItselfOrOntoWhatIsNoFolder() throws Exception {
        assertThat(commands.run("import", "run", folder.toString()))
                .as(commands::err)
                .isZero();
        Path link = Files.createSymbolicLink(commands.directory().resolve("link"), folder);
        Path file = Files.writeString(commands.directory().resolve("file"), "precious");
        for (Path target : new Path[] {link, link.resolve("in/side"), file}) {
            assertThat(commands.run("import", "clean", folder.toString(), "--move", target.toString()))
                    .isEqualTo(2);
            assertThat(commands.err()).contains("--move " + target);
        }
        assertThat(folder.resolve(FILE)).exists();
        assertThat(folder.resolve("in")).doesNotExist();
    }

    @Test
    void keepsAFileThatAnotherImportComesToTakeWhileObjectsAreRead() throws Exception {
        assertThat(commands.run("import", "run", folder.toString()))
                .as(commands::err)
                .isZero();
        URI store = URI.create(SANDBOX.settings().text("storage.endpoint"));
        try (Gate gate = new Gate(store.getPort())) {
            gate.stall();
            Future<Integer> cleaning = CompletableFuture.supplyAsync(() -> clean(gate));
            Awaitility.await().until(gate::isHolding);
            SANDBOX.execute("insert into mediaferry.transfer (entry, row_key, source, host, object_key, state, details)"
                    + " values ('other/all', '" + FILE + "', 's', '', 'other/1.{ext}', 'waiting', '{}')");
            gate.open();
            assertThat(cleaning.get(30, TimeUnit.SECONDS)).isZero();
        }
        assertThat(commands.out()).contains("pending 1");
        assertThat(folder.resolve(FILE)).exists();
    }

    @Test
    void keepsAFileThatIsWrittenWhileObjectsAreReadAndLooksTheSame() throws Exception {
        assertThat(commands.run("import", "run", folder.toString()))
                .as(commands::err)
                .isZero();
        Path file = folder.resolve(FILE);
        byte[] other = Pictures.jpeg(1);
        other[other.length / 2]++;
        URI store = URI.create(SANDBOX.settings().text("storage.endpoint"));
        try (Gate gate = new Gate(store.getPort())) {
            gate.stall();
            Future<Integer> cleaning = CompletableFuture.supplyAsync(() -> clean(gate));
            Awaitility.await().until(gate::isHolding);
            FileTime time = Files.getLastModifiedTime(file);
            Files.write(file, other);
            Files.setLastModifiedTime(file, time);
            gate.open();
            assertThat(cleaning.get(30, TimeUnit.SECONDS)).isZero();
        }
        assertThat(commands.out()).contains("file-differs 1");
        assertThat(file).hasBinaryContent(other);
    }

    @Test
    void takesBothNamesOfOneFile() throws Exception {
        Path second = Files.createLink(folder.resolve("Pictures/2"), folder.resolve(FILE));
        assertThat(commands.run("import", "run", folder.toString()))
                .as(commands::err)
                .isZero();
        assertThat(commands.run("import", "clean", folder.toString(), "--delete"))
                .as(commands::out)
                .isZero();
        assertThat(second).doesNotExist();
        assertThat(folder.resolve(FILE)).doesNotExist();
    }

    private int clean(Gate gate) {
        try {
            return commands.run(
                    "import",
                    "clean",
                    folder.toString(),
                    "--delete",
                    "--set",
                    "mediaferry.storage.endpoint=http://127.0.0.1:" + gate.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        Files.createDirectories(file.getParent());
        Files.write(file, Pictures.jpeg(1));
    }
}
