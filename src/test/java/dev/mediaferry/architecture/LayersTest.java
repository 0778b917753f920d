package dev.mediaferry.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayersTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.mediaferry");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address",
                "command",
                "compress",
                "content",
                "deadletter",
                "demo",
                "embedded",
                "failure",
                "fetch",
                "ledger",
                "link",
                "plan",
                "proof",
                "registry",
                "removal",
                "resolve",
                "rollback",
                "run",
                "settings",
                "storage"
            })
    void knowsNothingOfCamel(String name) {
        noClasses()
                .that()
                .resideInAPackage("dev.mediaferry." + name)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    @Test
    void namesTheLibraryOfTheStoreOnlyWhereTheStoreIs() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.mediaferry.storage", "dev.mediaferry.failure", "dev.mediaferry.engine")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(CLASSES);
    }

    @Test
    void callsNativeCodecsOnlyWherePicturesAreDecoded() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.mediaferry.compress")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void readsTheCommandLineOnlyInCommands() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.mediaferry.command")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void hasNoCyclesBetweenPackages() {
        slices().matching("dev.mediaferry.(*)..").should().beFreeOfCycles().check(CLASSES);
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
}
