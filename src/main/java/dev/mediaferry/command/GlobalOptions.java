package dev.mediaferry.command;

import ch.qos.logback.classic.Level;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Options that every command takes. */
final class GlobalOptions {

    @Option(
            names = "--registry",
            paramLabel = "FILE",
            description =
                    "What is to be moved. Default: registry.yaml in the working directory, else beside the launcher.")
    private Path registry;

    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description =
                    "Settings. Default: application.properties in the working directory, else beside the launcher.")
    private Path properties;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting, stronger than environment and file; repeatable. Not for secrets: other users of the "
                            + "machine can read a process's command line.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = {"-v", "--verbose"},
            description = "Log every step, and show where an unforeseen error came from.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    private Level level = Level.WARN;

    boolean verbose() {
        return verbose;
    }

    /** For commands whose log is what they show. */
    void logProgress() {
        level = Level.INFO;
    }

    Settings settings() {
        Settings settings = Settings.load(file(properties, "application.properties", true), System.getenv(), overrides);
        // What a file takes disturbs nobody.
        boolean progress = settings.optional("log.file").isPresent();
        Logging.configure(settings, verbose ? Level.DEBUG : progress ? Level.INFO : level);
        return settings;
    }

    Registry registry() {
        return RegistryFile.read(file(registry, "registry.yaml", false));
    }

    Services services() {
        return Services.open(settings());
    }

    /** Opens also the ledger of a copied database. */
    Services servicesOfAnyLedger() {
        return Services.openAnyLedger(settings());
    }

    /** @param capabilities what it is started for */
    Engine engine(Registry registry, Capability... capabilities) {
        return engine(false, registry, capabilities);
    }

    /** @param dryRun true for an engine that carries nothing of what other processes dispatch, either */
    Engine engine(boolean dryRun, Registry registry, Capability... capabilities) {
        Settings settings = settings();
        Services services = Services.open(
                dryRun ? settings.with(Map.of("mediaferry.dispatch.endpoint", Engine.DISPATCH_HERE)) : settings);
        return Engine.start(services, registry, routes(), Set.of(capabilities));
    }

    static Path routes() {
        return home().resolve("routes");
    }

    private static Path file(Path named, String standard, boolean optional) {
        if (named != null) {
            if (!Files.isReadable(named)) {
                throw new ConfigurationException("cannot read " + named);
            }
            return named;
        }
        Path here = Path.of(standard).toAbsolutePath();
        Path beside = home().resolve(standard);
        return Files.exists(here) ? here : Files.exists(beside) || !optional ? beside : null;
    }

    /** Where the launcher lies, with the routes and the sample files beside it. */
    private static Path home() {
        return Path.of(System.getProperty("mediaferry.app", "")).toAbsolutePath();
    }
}
