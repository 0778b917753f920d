package dev.mediaferry.console;

import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.derivatives.Derivations;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.observe.LiveHealth;
import dev.mediaferry.observe.LiveRoutes;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.reference.ReferenceWork;
import dev.mediaferry.reference.References;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.status.Gauges;
import dev.mediaferry.status.Statuses;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.EntryOrders;
import dev.mediaferry.steer.Hosts;
import dev.mediaferry.storage.StoredPictures;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.SweepReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the console shows and does: the use cases that commands and JMX have, too.
 *
 * @param migrate runs once, now
 * @param plan writes a plan into a file
 * @param follow moves exactly what the plan in a file says
 * @param planImport looks at every file of a backup, and says what an import would do
 * @param rollback undoes what was moved, or says what that would do
 * @param sweepUploads sweeps media; given true it only says what it would do
 * @param checkRegistry compares the registry with the database as it is now; says what does not fit
 */
public record Operations(
        Database database,
        Settings settings,
        Registry registry,
        Entries entries,
        FetchSettings fetch,
        Gauges gauges,
        Supplier<Statuses> statuses,
        ScheduleSettings schedule,
        DeadLetters deadLetters,
        Function<RunOptions, RunReport> migrate,
        Function<Path, PlanReport> plan,
        Function<Path, RunReport> follow,
        Function<ImportOptions, ImportReport> planImport,
        Function<RollbackOptions, RollbackReport> rollback,
        Supplier<References> references,
        Supplier<ReferenceWork> referenceWork,
        Hosts hosts,
        EntryOrders entryOrders,
        AuditLog audit,
        LiveRoutes routes,
        LiveHealth health,
        StoredPictures pictures,
        MediaLedger media,
        Derivations derivations,
        Function<Boolean, SweepReport> sweepUploads,
        Supplier<Optional<String>> checkRegistry) {}
