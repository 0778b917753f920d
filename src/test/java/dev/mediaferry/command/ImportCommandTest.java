package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.SalonBackup;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The documented example from one end to the other, with the numbers of the system that it is taken from. */
@Tag("slow")
class ImportCommandTest {

    private static final int MIGRATABLE = SalonBackup.BUYERS + SalonBackup.STYLISTS + SalonBackup.MAPPED_IMAGES;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    private List<String> options;

    @Test
    void takesTheBackupInWhateverHappensMeanwhile() throws Exception {
        SalonBackup.createTables(SANDBOX);
        SalonBackup backup = new SalonBackup(directory);
        backup.write(SANDBOX);
        Map<String, FileTime> before = times(backup.folder());
        options = SANDBOX.options(directory, SalonBackup.registry());
        String folder = backup.folder().toString();

        plans(folder);
        isKilledAndGoesOn(folder);
        hasEveryRecordOnce();
        verifies(folder);
        showsInTheStatus();
        changesNothingWhenAskedAgain(folder);
        assertThat(times(backup.folder())).isEqualTo(before);
        rollsBackOneCategoryAndThenAll();
    }

    private void plans(String folder) throws Exception {
        Path inventory = directory.resolve("inventory.json");
        JsonNode plan = run(0, "import", "plan", folder, "--inventory", inventory.toString(), "--json");
        assertThat(plan.path("processed").asInt())
                .isEqualTo(SalonBackup.CHATS + SalonBackup.PROFILES + SalonBackup.SERVICE_IMAGES + SalonBackup.STRAY);
        assertThat(plan.path("migratable").asInt()).isEqualTo(MIGRATABLE);
        JsonNode chats = category(plan, "chats");
        assertThat(chats.path("files").asInt()).isEqualTo(SalonBackup.CHATS);
        assertThat(chats.path("skipped").path("no chats were migrated").asInt()).isEqualTo(SalonBackup.CHATS);
        JsonNode profiles = category(plan, "profiles");
        assertThat(profiles.path("files").asInt()).isEqualTo(SalonBackup.PROFILES);
        assertThat(profiles.path("skipped").path("the salon model was removed").asInt())
                .isEqualTo(SalonBackup.SALONS);
        JsonNode services = category(plan, "services");
        assertThat(services.path("files").asInt()).isEqualTo(SalonBackup.SERVICE_IMAGES);
        assertThat(services.path("skipped")
                        .path("the service is not among the migrated")
                        .asInt())
                .isEqualTo(SalonBackup.SERVICE_IMAGES - SalonBackup.MAPPED_IMAGES);
        assertThat(plan.path("unmatched")).hasSize(1);
        assertThat(plan.path("unmatched").get(0).asText()).isEqualTo("Service-Images/Thumbs.db");

        JsonNode list = new ObjectMapper().readTree(inventory.toFile());
        assertThat(list.path("totalFiles").asInt())
                .isEqualTo(plan.path("processed").asInt());
        assertThat(list.path("items")).hasSize(plan.path("processed").asInt());
        JsonNode salon = item(list, "Profile-Pics/salon/" + (SalonBackup.BUYERS + SalonBackup.STYLISTS));
        assertThat(salon.path("type").asText()).isEqualTo("image/jpeg");
        assertThat(salon.path("canMigrate").asBoolean()).isFalse();
        assertThat(salon.path("skipReason").asText()).isEqualTo("the salon model was removed");
        assertThat(salon.path("parts").path("role").asText()).isEqualTo("salon");
        assertThat(count("select count(*) from mediaferry.transfer")).isZero();
        assertThat(count("select count(*) from media")).isZero();
    }

    private void isKilledAndGoesOn(String folder) throws Exception {
        for (int i = 0; i < 2; i++) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("--set", "camel.beans.killPoint=#class:dev.mediaferry.crash.KillPoint"));
            String where = i == 0 ? "aws2-s3:" : "sql:relink-rows";
            try (Program program = Program.start(
                    all,
                    List.of("-Dkill.uri=" + where, "-Dkill.when=after", "-Dkill.at=" + (i == 0 ? 200 : 1)),
                    "import",
                    "run",
                    folder)) {
                assertThat(program.await()).as(program.err()).isEqualTo(137);
            }
        }
        long already = count("select count(*) from media");
        assertThat(already).isLessThan(MIGRATABLE);
        JsonNode report = run(0, "import", "run", folder, "--json");
        assertThat(report.path("migrated").asLong()).isEqualTo(MIGRATABLE - already);
        assertThat(report.path("failed").asInt()).isZero();
        assertThat(report.path("waiting").asInt()).isZero();
        assertThat(report.path("validation").asText()).isEqualTo("valid");
        hasFigures(report);
    }

    /** Of this run: of what earlier ones had stored already, too. */
    private void hasFigures(JsonNode report) {
        JsonNode profiles = category(report, "profiles");
        JsonNode services = category(report, "services");
        assertThat(profiles.path("compressed").asInt()).isZero();
        assertThat(profiles.path("storedBytes").asLong())
                .isEqualTo(profiles.path("originalBytes").asLong())
                .isPositive();
        assertThat(services.path("compressed").asLong())
                .isEqualTo(services.path("migrated").asLong())
                .isPositive();
        assertThat(services.path("savings").asDouble()).isBetween(5.0, 95.0);
        assertThat(report.path("compressed").asLong())
                .isEqualTo(services.path("compressed").asLong());
        for (String figure : List.of("originalBytes", "storedBytes")) {
            assertThat(report.path(figure).asLong())
                    .isEqualTo(profiles.path(figure).asLong()
                            + services.path(figure).asLong());
        }
    }

    private void hasEveryRecordOnce() {
        assertThat(count("select count(*) from media where kind = 'avatar'"))
                .isEqualTo(SalonBackup.BUYERS + SalonBackup.STYLISTS);
        assertThat(count("select count(*) from media where kind = 'service'")).isEqualTo(SalonBackup.MAPPED_IMAGES);
        assertThat(count("select count(distinct object_key) from media")).isEqualTo(MIGRATABLE);
        assertThat(count("select count(*) from media where is_preview")).isEqualTo(SalonBackup.MAPPED_SERVICES);
        assertThat(
                        count(
                                "select count(*) from media m join services s on s.id = m.service_id and s.owner_id = m.user_id"))
                .isEqualTo(SalonBackup.MAPPED_IMAGES);
        // Of service 5 there are image5 and image1676, of which the latter comes first by name.
        assertThat(SANDBOX.sql()
                        .sql("select object_key from media where is_preview and service_id = ?::uuid")
                        .param(SalonBackup.service(5))
                        .query(String.class)
                        .single())
                .isEqualTo("service-media/" + SalonBackup.service(5) + "/image1676.jpg");
        assertThat(SANDBOX.keys()).hasSize(MIGRATABLE).contains("avatars/" + SalonBackup.user(3) + "/3.jpg");
    }

    private void verifies(String folder) throws Exception {
        JsonNode verified = run(0, "import", "verify", folder, "--deep", "--json");
        assertThat(verified.path("verification").path("read").asInt()).isEqualTo(MIGRATABLE);
        assertThat(verified.path("folder").path("migratable").asInt()).isZero();
        long original = 0;
        for (int i = 0; i < SalonBackup.SERVICE_IMAGES; i++) {
            if (i % SalonBackup.SERVICES < SalonBackup.MAPPED_SERVICES) {
                original += Files.size(Path.of(folder, "Service-Images", i % SalonBackup.SERVICES + "", "image" + i));
            }
        }
        JsonNode services = verified.path("imported").get(1);
        assertThat(services.path("category").asText()).isEqualTo("services");
        assertThat(services.path("files").asInt()).isEqualTo(SalonBackup.MAPPED_IMAGES);
        assertThat(services.path("compressed").asInt()).isEqualTo(SalonBackup.MAPPED_IMAGES);
        assertThat(services.path("originalBytes").asLong()).isEqualTo(original);
        assertThat(services.path("storedBytes").asLong()).isEqualTo(stored("service-media/"));
        assertThat(services.path("storedBytes").asLong())
                .isEqualTo(count("select sum(bytes) from media where kind = 'service'"))
                .isLessThan(original * 95 / 100);

        SANDBOX.execute("update media set is_preview = false where service_id = '" + SalonBackup.service(7) + "'");
        run(1, "import", "verify", folder);
        assertThat(output.out()).contains("not-one-first").contains("services:7 ");
        SANDBOX.execute("update media set is_preview = true where object_key like '%/image1678.jpg'");
    }

    private void showsInTheStatus() throws Exception {
        JsonNode fields = run(0, "status", "--json").path("fields");
        assertThat(fields).hasSize(2);
        assertThat(fields.get(1).path("field").asText()).isEqualTo("salon-backup/services");
        assertThat(fields.get(1).path("migrated").asInt()).isEqualTo(SalonBackup.MAPPED_IMAGES);
        assertThat(fields.get(1).path("pending").asInt()).isZero();
    }

    private void changesNothingWhenAskedAgain(String folder) throws Exception {
        JsonNode report = run(0, "import", "run", folder, "--json");
        assertThat(report.path("migrated").asInt()).isZero();
        assertThat(category(report, "services")
                        .path("skipped")
                        .path("imported already")
                        .asInt())
                .isEqualTo(SalonBackup.MAPPED_IMAGES);
        assertThat(count("select count(*) from media")).isEqualTo(MIGRATABLE);
    }

    private void rollsBackOneCategoryAndThenAll() throws Exception {
        SANDBOX.execute("update media set kind = 'portrait' where object_key like 'avatars/%/3.jpg'");
        int all = SANDBOX.keys().size();
        JsonNode one =
                run(1, "import", "rollback", "--category", "profiles", "--json").path("salon-backup/profiles");
        assertThat(SANDBOX.keys()).hasSize(all);
        run(1, "import", "rollback", "--category", "profiles", "--delete-objects", "--json");
        assertThat(one.path("restored").asInt()).isEqualTo(SalonBackup.BUYERS + SalonBackup.STYLISTS - 1);
        assertThat(one.path("conflicts").asInt()).isEqualTo(1);
        assertThat(SANDBOX.keys()).hasSize(SalonBackup.MAPPED_IMAGES + 1);

        SANDBOX.execute("update media set kind = 'avatar' where kind = 'portrait'");
        run(0, "import", "rollback", "--delete-objects");
        assertThat(count("select count(*) from media")).isZero();
        assertThat(SANDBOX.keys()).isEmpty();
    }

    private JsonNode run(int code, String... command) throws Exception {
        output.reset();
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(options);
        assertThat(MediaferryCommand.execute(line.toArray(String[]::new)))
                .as(() -> output.out() + output.err())
                .isEqualTo(code);
        return line.contains("--json") ? new ObjectMapper().readTree(output.out()) : null;
    }

    private static JsonNode category(JsonNode report, String name) {
        for (JsonNode category : report.path("categories")) {
            if (category.path("category").asText().equals(name)) {
                return category;
            }
        }
        throw new AssertionError("no category " + name);
    }

    private static JsonNode item(JsonNode list, String path) {
        for (JsonNode item : list.path("items")) {
            if (item.path("path").asText().equals(path)) {
                return item;
            }
        }
        throw new AssertionError("no item " + path);
    }

    private static Map<String, FileTime> times(Path folder) throws Exception {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                times.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private static long stored(String prefix) {
        return SANDBOX
                .bucket()
                .listObjectsV2Paginator(
                        request -> request.bucket(SANDBOX.bucketName()).prefix(prefix))
                .contents()
                .stream()
                .mapToLong(S3Object::size)
                .sum();
    }

    private static long count(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
