package dev.mediaferry.engine;

import dev.mediaferry.deadletter.DeadLetterSteps;
import dev.mediaferry.derivatives.DerivativeSweeps;
import dev.mediaferry.imports.ImportSettings;
import dev.mediaferry.imports.Inbox;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.Rollbacks;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.uploads.UploadGauges;
import dev.mediaferry.verify.VerificationSteps;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * What an engine may be started for. Each capability is declared here and nowhere else: what it is built on, its route files, and
 * the beans and statements that these refer to. An engine reads and makes what its capabilities take, and no more.
 */
// What its functions are made of never changes either, which Error Prone cannot see.
@SuppressWarnings("ImmutableEnumChecker")
public enum Capability {
    /** Objects that nobody needs any more are deleted. */
    REMOVE(List.of("removal", "derivatives-sweep"), parts -> {
        parts.openStore();
        parts.main().bind("runs", parts.runs());
        parts.main().bind("removals", parts.removals());
        parts.main().bind("derivativeSweeps", new DerivativeSweeps(parts.removals()));
        parts.statements().removal();
    }),
    /** What superseded transfers have stored goes. */
    SWEEP(List.of("sweep"), parts -> parts.main().bind("objects", parts.objects()), REMOVE),
    /** The user's application is asked for links that are lost. */
    RESOLVE(
            List.of("resolve"),
            parts -> parts.resources().keep(new ResolveSteps(parts.resolver())).bind(parts.main()),
            (registry, settings) -> registry.resolves()),
    /** Links of columns are moved, and files of local caches. */
    MIGRATE(
            List.of("archive", "ferry", "migrate", "orders", "pace", "plan", "progress", "relink", "store"),
            parts -> new RunBeans(parts).bind(),
            SWEEP,
            RESOLVE),
    /** Backups are imported. */
    IMPORT(
            List.of("import"),
            parts -> parts.main().bind("imports", parts.cases().imports()),
            MIGRATE),
    /** What was moved is undone. */
    ROLLBACK(
            List.of("rollback"),
            parts -> {
                Rollbacks rollbacks = new Rollbacks(parts.entries(), parts.removals(), parts.worker());
                parts.main().bind("rollbacks", rollbacks);
                parts.statements().rollback(rollbacks);
            },
            REMOVE),
    /** What was given up is shown, tried again, discarded. */
    DEAD_LETTERS(List.of("dead-letters"), parts -> {
        parts.main().bind("deadLetters", new DeadLetterSteps(parts.services().database(), parts.entries()));
        parts.statements().deadLetters();
    }),
    /** Database, ledger and bucket are compared. */
    VERIFY(List.of("verify"), parts -> parts.main().bind("verifications", new VerificationSteps())),
    /** A directory is watched for backups. */
    WATCH_DIRECTORY(
            List.of("import-directory"),
            parts -> parts.main()
                    .bind(
                            "drops",
                            new Inbox(
                                    ImportSettings.of(parts.settings()),
                                    parts.cases().home(),
                                    parts.registry().imports())),
            (registry, settings) -> ImportSettings.of(settings).directory().isPresent(),
            IMPORT),
    /** Clients upload media of their own, by an API. */
    UPLOADS(
            List.of("uploads", "uppy", "upload-media"),
            parts -> new UploadBeans(parts).bind(),
            (registry, settings) -> !registry.uploads().isEmpty()),
    /** Runs start by themselves. */
    SCHEDULE(
            List.of("schedule"),
            Parts::keepSchedule,
            // Quartz would start with its routes.
            (registry, settings) -> ScheduleSettings.of(settings).cron().isPresent(),
            MIGRATE),
    /** Media that took too long, or that nobody needs, are taken away. */
    UPLOAD_SWEEPS(
            List.of("upload-sweeps", "upload-recovery", "upload-classes"),
            parts -> new UploadSweepBeans(parts).bind(),
            (registry, settings) -> !registry.uploads().isEmpty(),
            REMOVE),
    /** Thumbnails, posters and renditions are made. */
    DERIVE(
            List.of("derive", "derivatives"),
            parts -> new DerivativeBeans(parts).bind(),
            (registry, settings) -> registry.derives(),
            REMOVE),
    /** How columns name media changes its shape. */
    REFERENCES(
            List.of("references"),
            parts -> new ReferenceBeans(parts).bind(),
            (registry, settings) -> !registry.references().isEmpty()),
    /** Who uses old columns is noted, and contracts end whose time is over. */
    REFERENCE_WATCH(
            List.of("reference-watch"),
            parts -> new ReferenceWatchBeans(parts).bind(),
            (registry, settings) -> !registry.references().isEmpty(),
            REFERENCES),
    /** Media are swept by themselves. */
    UPLOAD_SCHEDULE(
            List.of("upload-schedule"),
            Parts::keepSchedule,
            (registry, settings) -> !registry.uploads().isEmpty(),
            UPLOAD_SWEEPS),
    /** The user's application hears what happens to media, and its CDN which objects are gone. */
    WEBHOOKS(List.of("webhooks"), parts -> new WebhookBeans(parts).bind(), (registry, settings) -> !registry.uploads()
            .isEmpty()),
    /** Metrics show how media stand. */
    UPLOAD_METRICS(
            List.of("upload-metrics"),
            parts -> {
                parts.main().bind("uploadMetrics", parts.uploads().uploadMetrics());
                parts.main()
                        .bind(
                                "uploadGauges",
                                new UploadGauges(
                                        parts.services().database(),
                                        parts.registry().uploads()));
            },
            (registry, settings) -> !registry.uploads().isEmpty()),
    /** Everything, with health, metrics and consoles, until the process is asked to stop. */
    SERVE(
            List.of("observe"),
            parts -> new ServiceBeans(parts).bind(),
            IMPORT,
            ROLLBACK,
            DEAD_LETTERS,
            VERIFY,
            WATCH_DIRECTORY,
            UPLOADS,
            DERIVE,
            REFERENCE_WATCH,
            SCHEDULE,
            UPLOAD_SCHEDULE,
            WEBHOOKS,
            UPLOAD_METRICS);

    /** What the routes of every capability name: what happens when a step fails. */
    static final String POLICIES = "errors";

    private final List<String> routeFiles;
    private final Consumer<Parts> beans;
    private final BiPredicate<Registry, Settings> wanted;
    private final List<Capability> builtOn;

    Capability(List<String> routeFiles, Consumer<Parts> beans, Capability... builtOn) {
        this(routeFiles, beans, (registry, settings) -> true, builtOn);
    }

    /**
     * @param routeFiles by name, without ending
     * @param beans binds what these refer to
     * @param wanted false where settings or registry do without it
     * @param builtOn whose routes it calls
     */
    Capability(
            List<String> routeFiles,
            Consumer<Parts> beans,
            BiPredicate<Registry, Settings> wanted,
            Capability... builtOn) {
        this.routeFiles = routeFiles;
        this.beans = beans;
        this.wanted = wanted;
        this.builtOn = List.of(builtOn);
    }

    List<String> routeFiles() {
        return routeFiles;
    }

    void bind(Parts parts) {
        beans.accept(parts);
    }

    /** @return these that are wanted, with all that they are built on, which comes before them */
    static Set<Capability> all(Set<Capability> asked, Registry registry, Settings settings) {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        asked.forEach(one -> one.collect(registry, settings, all));
        return all;
    }

    private void collect(Registry registry, Settings settings, Set<Capability> all) {
        if (wanted.test(registry, settings) && all.add(this)) {
            builtOn.forEach(one -> one.collect(registry, settings, all));
        }
    }
}
