package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.content.Digests;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import dev.mediaferry.fixture.SmallStore.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** What becomes of files whose keys are taken in the bucket: nothing there is overwritten or removed that is not ours. */
@Tag("slow")
class TakenKeysTest {

    private static final String REGISTRY =
            """
            imports:
              - name: shops
                categories:
                  - name: pictures
                    path: "shops/{shop}/{name}"
                    folder: shop-pictures
                    key: "{shop}/{name}.{ext}"
                    max-bytes: 2MB
                    record:
                      table: picture
                      columns:
                        id: "{uuid}"
                        key: "{key}"
                        url: "{url}"
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        SANDBOX.execute("create table if not exists picture (id uuid primary key, key text, url text)");
        folder = Files.createDirectory(directory.resolve("backup"));
    }

    @Test
    void overwritesNothingOfTheApplicationAndRemovesNothingOfIt() throws Exception {
        byte[] current = Pictures.jpeg(1);
        upload("shop-pictures/1/avatar.jpg", current, Map.of());
        file("1/avatar", 2);
        file("1/other", 3);

        JsonNode report = json(1, "import", "run", folder.toString());

        assertThat(report.path("migrated").asInt()).isEqualTo(1);
        assertThat(report.path("failed").asInt()).isEqualTo(1);
        assertThat(SANDBOX.outcome("shops/1/avatar")).isEqualTo("dead key-taken");
        assertThat(SANDBOX.transfer("shops/1/avatar"))
                .containsEntry("object_state", "none")
                .extractingByKey("message")
                .isEqualTo(
                        "the bucket has other bytes under the key shop-pictures/1/avatar.jpg; nothing was overwritten");
        assertThat(records()).containsExactly("shop-pictures/1/other.jpg");
        assertThat(run("dead-letters", "discard", "--all", "--reason", "the application has it"))
                .isZero();
        json(0, "import", "rollback");
        json(0, "import", "run", folder.toString());
        assertThat(SANDBOX.object("shop-pictures/1/avatar.jpg")).isEqualTo(current);
    }

    @Test
    void usesEqualBytesOfTheApplicationWithoutEverRemovingThem() throws Exception {
        upload("shop-pictures/1/avatar.jpg", Pictures.jpeg(4), Map.of());
        file("1/avatar", 4);
        assertThat(json(0, "import", "run", folder.toString()).path("migrated").asInt())
                .isEqualTo(1);
        assertThat(SANDBOX.transfer("shops/1/avatar")).containsEntry("object_state", "foreign");
        assertThat(run("verify")).isZero();
        json(0, "import", "rollback");
        assertThat(records()).isEmpty();
        assertThat(SANDBOX.object("shop-pictures/1/avatar.jpg")).isEqualTo(Pictures.jpeg(4));
    }

    @Test
    void seesWhenTheApplicationChangesWhatIsUsedOfIt() throws Exception {
        String theirs = Digests.sha256(Pictures.jpeg(40));
        upload("shop-pictures/1/avatar.jpg", Pictures.jpeg(40), Map.of("sha256", theirs));
        file("1/avatar", 40);
        json(0, "import", "run", folder.toString());

        assertThat(run("verify", "--claim")).isZero();
        assertThat(SANDBOX.head("shop-pictures/1/avatar.jpg").metadata()).doesNotContainKey("mediaferry-ledger");

        upload("shop-pictures/1/avatar.jpg", Pictures.jpeg(41), Map.of());
        assertThat(run("verify", "--deep")).isEqualTo(1);
        SANDBOX.bucket()
                .deleteObject(request -> request.bucket(SANDBOX.bucketName()).key("shop-pictures/1/avatar.jpg"));
        assertThat(run("verify")).isEqualTo(1);
        assertThat(output.out()).contains("missing-object");
        json(0, "import", "rollback");
    }

    @Test
    void importsNoStaleBytesOfATrialWhoseLedgerWasDropped() throws Exception {
        file("1/avatar", 5);
        json(0, "import", "run", folder.toString());
        SANDBOX.execute("drop schema mediaferry cascade", "truncate picture");
        file("1/avatar", 6);
        json(1, "import", "run", folder.toString());
        assertThat(SANDBOX.outcome("shops/1/avatar")).isEqualTo("dead key-taken");
        assertThat(SANDBOX.transfer("shops/1/avatar").get("message"))
                .asString()
                .contains("an object of another ledger");
        assertThat(records()).isEmpty();
        assertThat(SANDBOX.object("shop-pictures/1/avatar.jpg")).isEqualTo(Pictures.jpeg(5));
    }

    @Test
    void importsTheBytesThatTheFileHasNow() throws Exception {
        file("1/avatar", 7);
        SANDBOX.execute("alter table picture add constraint closed check (false) not valid");
        try {
            json(1, "import", "run", folder.toString());
        } finally {
            SANDBOX.execute("alter table picture drop constraint closed");
        }
        assertThat(SANDBOX.object("shop-pictures/1/avatar.jpg")).isEqualTo(Pictures.jpeg(7));
        file("1/avatar", 8);
        assertThat(run("dead-letters", "retry", "--all")).isZero();
        json(0, "import", "run", folder.toString());
        assertThat(SANDBOX.object("shop-pictures/1/avatar.jpg")).isEqualTo(Pictures.jpeg(8));
        assertThat(run("verify", "--deep")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void overwritesNothingInAStoreOfWhateverConditions(Conditions conditions) throws Exception {
        file("1/avatar", 9);
        file("1/other", 10);
        try (SmallStore store = new SmallStore()) {
            store.conditions(conditions);
            store.put("/bucket", "");
            store.put("/bucket/shop-pictures/1/avatar.jpg", "theirs");
            json(1, store.settings("bucket").toArray(String[]::new), "import", "run", folder.toString());
            assertThat(store.body("/bucket/shop-pictures/1/avatar.jpg")).isEqualTo("theirs");
            assertThat(store.body("/bucket/shop-pictures/1/other.jpg")).isNotNull();
        }
        assertThat(SANDBOX.outcome("shops/1/avatar")).isEqualTo("dead key-taken");
        assertThat(records()).containsExactly("shop-pictures/1/other.jpg");
    }

    @Test
    void plansWhichKeysAreTaken() throws Exception {
        upload("shop-pictures/1/b.jpg", Pictures.jpeg(21), Map.of());
        upload("shop-pictures/1/c.jpg", Pictures.jpeg(22), Map.of());
        upload("shop-pictures/1/d.jpg", Pictures.jpeg(23), Map.of("mediaferry-ledger", "another"));
        SANDBOX.execute("insert into picture (id, key) values (gen_random_uuid(), 'shop-pictures/1/e.jpg')");
        file("1/a", 11);
        file("1/b", 12);
        file("1/c", 22);
        file("1/d", 23);
        file("1/e", 24);
        Path inventory = directory.resolve("inventory.json");

        JsonNode plan = json(0, "import", "plan", folder.toString(), "--inventory", inventory.toString());

        assertThat(plan.path("migratable").asInt()).isEqualTo(3);
        JsonNode skipped = plan.path("categories").get(0).path("skipped");
        assertThat(skipped.path("the bucket has other bytes under this key").asInt())
                .isEqualTo(1);
        assertThat(skipped.path("the bucket has an object of another ledger under this key")
                        .asInt())
                .isEqualTo(1);
        assertThat(plan.path("taken").get(0).asText()).isEqualTo("shops/1/b -> shop-pictures/1/b.jpg");
        assertThat(plan.path("taken")).hasSize(2);
        assertThat(plan.path("held").get(0).asText()).isEqualTo("shops/1/e");
        assertThat(run("import", "plan", folder.toString(), "--inventory", inventory.toString()))
                .isZero();
        assertThat(output.out())
                .contains(
                        "Skipped pictures: 1, the bucket has other bytes under this key",
                        "shops/1/b -> shop-pictures/1/b.jpg",
                        "Records have the key or address already of: shops/1/e");
    }

    @Test
    void findsTakenKeysAmongManyOtherObjects() throws Exception {
        for (int i = 0; i < 70; i++) {
            file("2/" + String.format(Locale.ROOT, "%03d", i), 100 + i);
        }
        upload("shop-pictures/2/000.jpg", Pictures.jpeg(1), Map.of());
        upload("shop-pictures/2/069.jpg", Pictures.jpeg(1), Map.of());
        for (int i = 0; i < 750; i++) {
            upload("shop-pictures/2/030-" + i + ".jpg", new byte[1], Map.of());
        }
        JsonNode plan = json(
                0,
                "import",
                "plan",
                folder.toString(),
                "--inventory",
                directory.resolve("inventory.json").toString());
        assertThat(plan.path("taken")).hasSize(2);
        assertThat(plan.path("migratable").asInt()).isEqualTo(68);
    }

    private void upload(String key, byte[] bytes, Map<String, String> metadata) {
        SANDBOX.bucket()
                .putObject(
                        request -> request.bucket(SANDBOX.bucketName()).key(key).metadata(metadata),
                        RequestBody.fromBytes(bytes));
    }

    private void file(String name, int seed) throws IOException {
        Path file = folder.resolve("shops").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, Pictures.jpeg(seed));
    }

    private static List<String> records() {
        return SANDBOX.sql()
                .sql("select key from picture order by 1")
                .query(String.class)
                .list();
    }

    private JsonNode json(int exitCode, String... command) throws Exception {
        return json(exitCode, new String[0], command);
    }

    private JsonNode json(int exitCode, String[] settings, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(command));
        line.add("--json");
        int answered = execute(settings, line);
        assertThat(answered).as(output.err() + output.out()).isEqualTo(exitCode);
        return new ObjectMapper().readTree(output.out());
    }

    private int run(String... command) throws Exception {
        return execute(new String[0], List.of(command));
    }

    private int execute(String[] settings, List<String> command) throws Exception {
        output.reset();
        List<String> line = new ArrayList<>(command);
        line.addAll(SANDBOX.options(directory, REGISTRY, settings));
        return MediaferryCommand.execute(line.toArray(String[]::new));
    }
}
