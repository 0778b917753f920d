package dev.mediaferry.engine;

import dev.mediaferry.console.Operations;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.Imports;
import dev.mediaferry.observe.LiveHealth;
import dev.mediaferry.observe.LiveRoutes;
import dev.mediaferry.plan.Outline;
import dev.mediaferry.plan.PlanFile;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.status.Gauges;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.storage.StoredPictures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The use cases for the console, once the routes of its engine run. */
final class ConsoleBeans {

    private final Parts parts;
    private final Engine engine;

    ConsoleBeans(Parts parts, Engine engine) {
        this.parts = parts;
        this.engine = engine;
    }

    Operations operations() {
        UseCases cases = parts.cases();
        return new Operations(
                parts.services().database(),
                parts.settings(),
                parts.registry(),
                parts.entries(),
                parts.fetch(),
                // With the columns that these have read already.
                engine.context().getRegistry().lookupByNameAndType("gauges", Gauges.class),
                cases::statuses,
                parts.schedule(),
                engine.deadLetters(),
                engine::migrate,
                this::plan,
                file -> engine.plans().follow(PlanFile.open(file), false, OptionalInt.empty()),
                this::planImport,
                engine::rollback,
                cases::references,
                engine::references,
                cases.hosts(),
                cases.entryOrders(),
                new AuditLog(parts.services().database(), () -> parts.worker().id()),
                new LiveRoutes(engine::context),
                new LiveHealth(engine::context),
                new StoredPictures(parts.store()::join, cases.buckets()),
                cases.media(),
                cases.derivations(),
                engine::sweepUploads,
                this::registryProblem);
    }

    private PlanReport plan(Path file) {
        List<String> fields = parts.registry().fieldNames(List.of());
        try (Outline outline = new Outline(Optional.of(file), false, fields)) {
            return engine.plans().plan(fields, outline, Optional.of(file));
        }
    }

    /** As a process of its own in the ledger, since the inbox may be imported from at the same time. */
    private ImportReport planImport(ImportOptions options) {
        try (UseCases own = new UseCases(parts.services(), parts.registry())) {
            Imports imports = own.imports();
            return imports.scan(imports.begin(options));
        }
    }

    /** @return what of the registry does not fit the database as it is now */
    private Optional<String> registryProblem() {
        try {
            parts.services().entries(parts.registry());
            return Optional.empty();
        } catch (ConfigurationException e) {
            return Optional.of(e.getMessage());
        }
    }
}
