package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.ImportSummary;
import dev.mediaferry.rollback.RollbackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An import stores no more than it is allowed. */
@Tag("slow")
class ImportBudgetTest {

    private static final String REGISTRY =
            """
            imports:
              - name: album
                categories:
                  - name: pictures
                    path: "{name}"
                    folder: album
                    key: "{name}.{ext}"
                    record: { table: picture, columns: { key: "{key}" } }
            """;

    private static final int FILES = 12;
    private static final int SIZE = 50_000;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path folder;

    @BeforeAll
    static void createTable() {
        SANDBOX.execute("create table picture (id int generated always as identity primary key, key text)");
    }

    @BeforeEach
    void write() throws Exception {
        for (int i = 0; i < FILES; i++) {
            Files.write(folder.resolve("p" + i), Pictures.jpeg(i, SIZE));
        }
    }

    @Test
    void stopsBeforeItPassesTheBudgetAndGoesOnWithALargerOne() {
        ImportReport first = run(engine("320kB"));
        assertThat(first.migrated()).isEqualTo(6);
        assertThat(stored()).isEqualTo(6L * SIZE);
        assertThat(first.validation()).isEqualTo("incomplete");
        assertThat(first.problems()).isEmpty();
        assertThat(first.processed()).isEqualTo(first.migrated() + first.waiting() + first.left());
        assertThat(first.blockers())
                .containsExactly(
                        "mediaferry.import.max-stored allows imports 320.0 kB in the store: 300.0 kB are there,"
                                + " and the next object has 50.0 kB; raise it, or make room, and import once more: it goes on from here");
        assertThat(ImportSummary.of(first)).contains("Blocked: mediaferry.import.max-stored allows");

        ImportReport second = run(engine("1MB"));
        assertThat(second.migrated()).isEqualTo(FILES - 6);
        assertThat(second.validation()).isEqualTo("valid");
        assertThat(second.blockers()).isEmpty();
        assertThat(stored()).isEqualTo((long) FILES * SIZE);
    }

    @Test
    void countsWhatEarlierImportsStoredAndWhatWasRemovedAgain() {
        Engine engine = engine("320kB");
        assertThat(run(engine).migrated()).isEqualTo(6);
        assertThat(run(engine).migrated()).isZero();
        assertThat(run(engine).waiting() + run(engine).left()).isEqualTo(FILES - 6);
        engine.rollback(new RollbackOptions(
                OptionalLong.empty(), Optional.of("album/pictures"), Optional.empty(), Optional.empty(), false, true));
        assertThat(stored()).isZero();
        assertThat(run(engine).migrated()).isEqualTo(6);
    }

    @Test
    void saysBeforehandThatTheBudgetIsTooSmall() {
        ImportReport plan = engine("320kB")
                .importFolder(new ImportOptions(
                        folder, Optional.empty(), Optional.empty(), true, OptionalLong.empty(), Optional.empty()));
        assertThat(plan.blockers())
                .containsExactly(
                        "mediaferry.import.max-stored allows imports 320.0 kB in the store: 0 B are there, and these"
                                + " files need up to 600.0 kB; a run stops before that");
    }

    private static Engine engine(String budget) {
        return SANDBOX.engine(REGISTRY, "import.max-stored", budget);
    }

    private ImportReport run(Engine engine) {
        return engine.importFolder(new ImportOptions(
                folder, Optional.empty(), Optional.empty(), false, OptionalLong.empty(), Optional.empty()));
    }

    private static long stored() {
        return SANDBOX.keys().stream()
                .mapToLong(key -> SANDBOX.head(key).contentLength())
                .sum();
    }
}
