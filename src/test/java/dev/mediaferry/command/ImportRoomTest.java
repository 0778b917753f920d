package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Is there room for a folder? Its files have holes, so that they need none themselves. */
@Tag("slow")
class ImportRoomTest {

    private static final String REGISTRY =
            """
            imports:
              - name: album
                categories:
                  - name: pictures
                    path: "{file}"
                    folder: album
                    key: "{file}.{ext}"
                    max-bytes: 999999GB
                    compression: true
                    record: { table: media, columns: { url: "{url}" } }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    private Path folder;
    private long free;

    @BeforeEach
    void makesTheFolder() throws IOException {
        SANDBOX.execute(
                "create table if not exists media (id bigint generated always as identity primary key, url text)");
        folder = Files.createDirectories(directory.resolve("album"));
        free = Files.getFileStore(directory).getUsableSpace();
    }

    @Test
    void isNotToldByAStoreElsewhere() throws Exception {
        file("one", 1000);
        List<String> options = SANDBOX.options(directory, REGISTRY);
        JsonNode plan = json(options);
        assertThat(plan.path("room").get(0).path("of").asText()).isEqualTo("objects");
        assertThat(plan.path("room").get(0).path("needed").asLong()).isEqualTo(1000);
        assertThat(plan.path("room").get(0).path("free").isNull()).isTrue();
        assertThat(plan.path("blockers")).isEmpty();
        assertThat(text(options)).contains("Room: objects need up to 1.0 kB; free: not told by the store");
    }

    @Test
    void isThatOfTheDiskOfTheEmbeddedStore() throws Exception {
        file("one", 1000);
        long large = free + 1_000_000_000;
        file("large", large);
        List<String> options = embedded();
        JsonNode plan = json(options);
        JsonNode objects = plan.path("room").get(0);
        assertThat(objects.path("needed").asLong()).isEqualTo(1000 + 2 * large);
        assertThat(objects.path("free").asLong()).isPositive().isLessThan(large);
        assertThat(objects.path("directory").asText())
                .isEqualTo(home().resolve("s3").toString());
        assertThat(plan.path("blockers").get(0).asText())
                .startsWith("no room for the objects in " + home().resolve("s3") + ": up to ");
        JsonNode inventory = new ObjectMapper().readTree(inventory().toFile());
        assertThat(inventory.path("room").get(0).path("needed")).isEqualTo(objects.path("needed"));
        assertThat(inventory.path("blockers")).isEqualTo(plan.path("blockers"));
        assertThat(text(options)).contains("Blocked: no room for the objects in " + home().resolve("s3"));
    }

    /** The parts of a large file lie there until they are put together. */
    @Test
    void isSharedByObjectsAndTemporaryFiles() throws Exception {
        file("large", free / 5 * 2);
        JsonNode plan = json(embedded());
        assertThat(plan.path("room").get(1).path("needed").asLong()).isEqualTo(free / 5 * 2);
        assertThat(plan.path("blockers")).hasSize(1);
        assertThat(plan.path("blockers").get(0).asText())
                .startsWith("no room for the temporary files in " + home().resolve("spool") + ": up to ")
                .contains(" for the objects, ");
    }

    private void file(String name, long length) throws IOException {
        Path file = Files.write(folder.resolve(name), Pictures.jpeg(1));
        try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.setLength(length);
        }
    }

    private List<String> embedded() throws IOException {
        return SANDBOX.options(
                directory,
                REGISTRY,
                "home",
                home().toString(),
                "storage.endpoint",
                "",
                "storage.region",
                "",
                "storage.bucket",
                "");
    }

    private Path home() {
        return directory.resolve("home");
    }

    private Path inventory() {
        return directory.resolve("inventory.json");
    }

    private JsonNode json(List<String> options) throws Exception {
        return new ObjectMapper().readTree(text(options, "--json"));
    }

    private String text(List<String> options, String... more) {
        output.reset();
        List<String> line = new ArrayList<>(List.of(
                "import", "plan", folder.toString(), "--inventory", inventory().toString()));
        line.addAll(options);
        line.addAll(List.of(more));
        assertThat(MediaferryCommand.execute(line.toArray(String[]::new)))
                .as(() -> output.out() + output.err())
                .isZero();
        return output.out();
    }
}
