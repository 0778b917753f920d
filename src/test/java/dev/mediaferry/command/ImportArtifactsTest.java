package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.SalonBackup;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The documents that an import leaves for those who go on with it. */
@Tag("slow")
class ImportArtifactsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX, SalonBackup.registry());

    private SmallBackup backup;
    private Path artifacts;

    @BeforeAll
    static void createTables() {
        SalonBackup.createTables(SANDBOX);
    }

    @BeforeEach
    void write() throws IOException {
        artifacts = commands.directory().resolve("artifacts");
        backup = new SmallBackup(SANDBOX, commands.directory())
                .with("Profile-Pics/buyer/1", Pictures.jpeg(1))
                .with("Profile-Pics/stylist/2", Pictures.blank(1, 1))
                .with("Service-Images/7/b", Pictures.fine(3))
                .with("Service-Images/7/a", Pictures.jpeg(4));
    }

    @Test
    void tellOldAndNewIdsPathsSizesAndSuccessOfEachFile() throws Exception {
        assertThat(run("import", "run", backup.folder(), "--artifacts", artifacts.toString()))
                .as("one file is given up")
                .isEqualTo(1);
        assertThat(commands.out()).contains("Artifact: " + artifacts.resolve("profiles-migrated.json"));

        JsonNode profiles = read("profiles-migrated.json");
        assertThat(profiles.path("successful_uploads").asInt()).isEqualTo(1);
        assertThat(profiles.path("failed_uploads").asInt()).isEqualTo(1);
        assertThat(profiles.path("users_processed").asInt()).isEqualTo(1);
        JsonNode stored = profiles.path("uploads").get(0);
        assertThat(stored.path("oldUserId").asText()).isEqualTo("1");
        assertThat(stored.path("newUserId").asText()).isEqualTo(SalonBackup.user(1));
        assertThat(stored.path("role").asText()).isEqualTo("buyer");
        assertThat(stored.path("filename").asText()).isEqualTo("1");
        assertThat(stored.path("originalPath").asText()).isEqualTo("Profile-Pics/buyer/1");
        assertThat(stored.path("storagePath").asText()).isEqualTo("avatars/" + SalonBackup.user(1) + "/1.jpg");
        assertThat(SANDBOX.key(stored.path("url").asText()))
                .isEqualTo(stored.path("storagePath").asText());
        assertThat(stored.path("originalSize").asInt()).isEqualTo(Pictures.jpeg(1).length);
        assertThat(stored.path("success").asBoolean()).isTrue();
        assertThat(stored.has("isPreview")).isFalse();
        JsonNode refused = profiles.path("uploads").get(1);
        assertThat(refused.path("success").asBoolean()).isFalse();
        assertThat(refused.path("error").asText()).startsWith("given up: placeholder, ");
        assertThat(refused.path("storagePath").isNull()).isTrue();

        JsonNode services = read("services-migrated.json");
        assertThat(services.path("services_processed").asInt()).isEqualTo(1);
        JsonNode compressed = services.path("uploads").get(1);
        assertThat(compressed.path("oldServiceId").asText()).isEqualTo("7");
        assertThat(compressed.path("newServiceId").asText()).isEqualTo(SalonBackup.service(7));
        assertThat(compressed.path("imageId").asText()).isEqualTo("b");
        assertThat(compressed.path("isPreview").asBoolean()).isFalse();
        assertThat(services.path("uploads").get(0).path("isPreview").asBoolean())
                .isTrue();
        int original = compressed.path("originalSize").asInt();
        int smaller = compressed.path("compressedSize").asInt();
        assertThat(smaller).isLessThan(original);
        assertThat(compressed.path("compressionRatio").asDouble())
                .isEqualTo(Math.round(1000.0 * (original - smaller) / original) / 10.0);
        JsonNode sums = services.path("compression_stats");
        assertThat(sums.path("total_original_size").asInt()
                        - sums.path("total_compressed_size").asInt())
                .isEqualTo(sums.path("total_size_saved").asInt())
                .isGreaterThanOrEqualTo(original - smaller);
    }

    @Test
    void tellTheRecordsAndWhetherTheyAndTheirObjectsAreThere() throws Exception {
        run("import", "run", backup.folder(), "--artifacts", artifacts.toString());
        JsonNode records = read("media-records-created.json");
        assertThat(records.path("total_records").asInt()).isEqualTo(3);
        assertThat(records.path("records_by_category").path("services").asInt()).isEqualTo(2);
        JsonNode service = records.path("records").get(1);
        assertThat(service.path("table").asText()).isEqualTo("media");
        assertThat(service.path("record").path("user_id").asText()).isEqualTo(SalonBackup.user(2));
        assertThat(service.path("record").path("is_preview").asBoolean()).isTrue();
        assertThat(service.path("id").asText())
                .isEqualTo(service.path("record").path("id").asText());

        JsonNode validation = read("media-migration-validation.json");
        assertThat(validation.path("validation_status").asText()).isEqualTo("failed");
        assertThat(validation.path("import_status").asText()).isEqualTo("incomplete");
        assertThat(validation.path("objects_checked").asInt()).isEqualTo(3);
        assertThat(validation.path("storage_validation").path("missing-object").isNumber())
                .isTrue();
        assertThat(validation.path("findings")).isEmpty();
    }

    @Test
    void nameRecordsOfWhichTheLedgerWasPruned() throws Exception {
        run("import", "run", backup.folder());
        SANDBOX.execute("update mediaferry.transfer set updated = now() - interval '2 years'");
        assertThat(run("ledger", "prune", "--older-than", "365d", "--give-up-undo"))
                .isZero();
        run("import", "run", backup.folder(), "--artifacts", artifacts.toString());
        JsonNode records = read("media-records-created.json");
        assertThat(records.path("records")).hasSize(3);
        assertThat(records.path("records").get(0).path("record").isNull()).isTrue();
        assertThat(records.path("records").get(0).path("id").isNull()).isFalse();
    }

    @Test
    void tellOfAllRunsAndOfWhatIsNoLongerThere() throws Exception {
        backup.with("Profile-Pics/stylist/2", Pictures.jpeg(2));
        assertThat(run("import", "run", backup.folder(), "--limit", "2")).isZero();
        assertThat(run("import", "run", backup.folder(), "--artifacts", artifacts.toString()))
                .as(commands.out())
                .isZero();
        assertThat(read("media-migration-validation.json")
                        .path("validation_status")
                        .asText())
                .isEqualTo("passed");
        assertThat(read("media-records-created.json").path("records")).hasSize(4);
        assertThat(read("profiles-migrated.json").path("uploads")).hasSize(2);

        SANDBOX.bucket().deleteObject(request -> request.bucket(SANDBOX.bucketName())
                .key("avatars/" + SalonBackup.user(1) + "/1.jpg"));
        SANDBOX.execute("delete from media where service_id is not null and not is_preview");
        assertThat(run("import", "run", backup.folder(), "--artifacts", artifacts.toString()))
                .isEqualTo(1);
        JsonNode validation = read("media-migration-validation.json");
        assertThat(validation.path("validation_status").asText()).isEqualTo("failed");
        assertThat(validation.path("storage_validation").path("missing-object").asInt())
                .isEqualTo(1);
        assertThat(validation
                        .path("database_validation")
                        .path("ledger-without-pointer")
                        .asInt())
                .isEqualTo(1);
        assertThat(validation.path("findings")).hasSize(2);
    }

    @Test
    void areOfNoDryRun() throws Exception {
        assertThat(run("import", "run", backup.folder(), "--dry-run", "--artifacts", artifacts.toString()))
                .isEqualTo(2);
        assertThat(artifacts).doesNotExist();
    }

    private int run(String... command) throws IOException {
        return commands.run(command);
    }

    private JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(artifacts.resolve(name).toFile());
    }
}
