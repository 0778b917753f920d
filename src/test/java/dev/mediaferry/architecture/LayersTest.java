package dev.mediaferry.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.mediaferry.Mediaferry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class LayersTest {

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "mediaferry");
    private static final Pattern ENDPOINT =
            Pattern.compile("\"(direct|seda|controlbus|quartz|sql|aws2-s3|bean):[^\"]+\"");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Mediaferry.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void knowsCamelOnlyWhereRoutesAreWiredAndWatched() {
        onlyIn("org.apache.camel..", "engine", "observe");
    }

    @Test
    void namesTheLibraryOfTheStoreOnlyWhereTheStoreIs() {
        onlyIn("software.amazon..", "storage", "ferry", "failure", "engine");
    }

    @Test
    void callsNativeCodecsOnlyWherePicturesAreDecoded() {
        onlyIn("org.bytedeco..", "raster");
    }

    @Test
    void readsTheCommandLineOnlyInCommands() {
        onlyIn("picocli..", "command");
    }

    @Test
    void namesEndpointsOnlyWhereRoutesAreWired() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            List<Path> naming = sources.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.startsWith(SOURCES.resolve("engine")))
                    .filter(path -> ENDPOINT.matcher(read(path)).find())
                    .toList();

            assertThat(naming).isEmpty();
        }
    }

    @Test
    void describesEveryPackage() throws IOException {
        String design = Files.readString(Path.of("docs", "design.md"));
        try (Stream<Path> packages = Files.list(SOURCES)) {
            assertThat(packages.filter(Files::isDirectory).map(path -> "| `" + path.getFileName() + "` |"))
                    .allSatisfy(row -> assertThat(design).contains(row));
        }
    }

    @Test
    void hasNoCyclesBetweenPackages() {
        slices().matching("dev.mediaferry.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void readsTheRegistryFileWithoutKnowingTheDatabase() {
        noClasses()
                .that()
                .resideInAPackage("dev.mediaferry.registry")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.springframework.jdbc..", "dev.mediaferry.entry")
                .check(CLASSES);
    }

    @Test
    void readsRowsAsRecordsAndNeverAsMaps() {
        noClasses()
                .should()
                .callMethod(JdbcClient.ResultQuerySpec.class, "listOfRows")
                .orShould()
                .callMethod(JdbcClient.ResultQuerySpec.class, "singleRow")
                .check(CLASSES);
    }

    @Test
    void hasPackagesNamedAfterWhatTheyAnswer() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..",
                        "..common..",
                        "..helper..",
                        "..service..",
                        "..model..",
                        "..dto..",
                        "..impl..",
                        "..processor..",
                        "..manager..")
                .check(CLASSES);
    }

    private static void onlyIn(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(Stream.of(packages)
                        .map(name -> "dev.mediaferry." + name)
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
