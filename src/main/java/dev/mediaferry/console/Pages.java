package dev.mediaferry.console;

import dev.mediaferry.deadletter.DeadLetterJobs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** Which page answers under which address, and what counts for all of them. */
final class Pages implements AutoCloseable {

    /** What is only looked at, by the path below {@link Console#ROOT}. */
    static final Map<String, BiFunction<Pages, Asked, Answer>> LOOKS = new LinkedHashMap<>();

    /** What changes something. */
    static final Map<String, BiFunction<Pages, Asked, Answer>> ACTS = new LinkedHashMap<>();

    static {
        LOOKS.put("/", (pages, asked) -> pages.overview.show());
        LOOKS.put("/runs", (pages, asked) -> pages.runs.list(asked));
        LOOKS.put("/runs/:id", (pages, asked) -> pages.runs.show(asked));
        LOOKS.put("/runs/:id/gallery", (pages, asked) -> pages.gallery.show(asked));
        LOOKS.put("/pictures/:id", (pages, asked) -> pages.gallery.picture(asked));
        LOOKS.put("/failures", (pages, asked) -> pages.failures.show(asked));
        LOOKS.put("/failures/:id", (pages, asked) -> pages.failures.one(asked));
        LOOKS.put("/failures/:id/answer", (pages, asked) -> pages.failures.answer(asked));
        LOOKS.put("/hosts", (pages, asked) -> pages.hosts.show());
        LOOKS.put("/quarantine", (pages, asked) -> pages.quarantine.show());
        LOOKS.put("/routes", (pages, asked) -> pages.routes.show());
        LOOKS.put("/routes/:id", (pages, asked) -> pages.routes.one(asked));
        LOOKS.put("/media", (pages, asked) -> pages.media.show(asked));
        LOOKS.put("/media/:id", (pages, asked) -> pages.medium.show(asked));
        LOOKS.put("/media/:id/picture", (pages, asked) -> pages.medium.picture(asked));
        LOOKS.put("/media/:id/film/:size", (pages, asked) -> pages.medium.film(asked));
        LOOKS.put("/imports", (pages, asked) -> pages.imports.show());
        LOOKS.put("/references", (pages, asked) -> pages.references.show());
        LOOKS.put("/settings", (pages, asked) -> pages.settings.show());
        LOOKS.put("/acts", (pages, asked) -> pages.acted.list(asked));
        LOOKS.put("/acts/:id", (pages, asked) -> pages.acted.show(asked));
        ACTS.put("/failures/confirm", (pages, asked) -> pages.letters.confirm(asked));
        ACTS.put("/failures/act", (pages, asked) -> pages.letters.act(asked));
        ACTS.put("/runs", (pages, asked) -> pages.plans.start(asked));
        ACTS.put("/acts/:id/follow", (pages, asked) -> pages.plans.follow(asked));
        ACTS.put("/runs/:id/preview-undo", (pages, asked) -> pages.undo.preview(asked));
        ACTS.put("/runs/:id/undo", (pages, asked) -> pages.undo.undo(asked));
        ACTS.put("/quarantine", (pages, asked) -> pages.quarantine.act(asked));
        ACTS.put("/routes", (pages, asked) -> pages.routes.order(asked));
        ACTS.put("/media/sweep", (pages, asked) -> pages.media.sweep(asked));
        ACTS.put("/media/:id/derive", (pages, asked) -> pages.medium.derive(asked));
        ACTS.put("/imports", (pages, asked) -> pages.imports.plan(asked));
        ACTS.put("/references", (pages, asked) -> pages.references.act(asked));
        ACTS.put("/hosts", (pages, asked) -> pages.hosts.order(asked));
    }

    private final ExecutorService counting = thread("console-counts");
    private final ExecutorService asking = thread("console-health");
    private final OverviewPage overview;
    private final RunPages runs;
    private final FailurePages failures;
    private final Acts acts;
    private final ActPages acted;
    private final LetterActs letters;
    private final UndoPages undo;
    private final PlanPages plans;
    private final HostPages hosts;
    private final GalleryPages gallery;
    private final QuarantinePages quarantine;
    private final RoutePages routes;
    private final MediaPages media;
    private final MediumPage medium;
    private final ImportPages imports;
    private final ReferencePages references;
    private final SettingPages settings;
    private final ConsoleApi api;

    Pages(Operations operations) {
        Figures figures = new Figures(operations, counting, asking);
        RunList runList = new RunList(operations.database());
        overview = new OverviewPage(operations, figures, runList);
        runs = new RunPages(runList);
        failures = new FailurePages(operations, figures);
        acts = new Acts(operations.audit(), figures::outdate);
        acted = new ActPages(operations.audit());
        letters = new LetterActs(new DeadLetterJobs(operations.database(), operations.deadLetters()), acts);
        plans = new PlanPages(operations, acts);
        undo = new UndoPages(acts, operations.rollback());
        hosts = new HostPages(operations, acts);
        gallery = new GalleryPages(operations, runList);
        quarantine = new QuarantinePages(operations, acts);
        routes = new RoutePages(operations, acts);
        media = new MediaPages(operations, acts, counting);
        medium = new MediumPage(operations, acts);
        imports = new ImportPages(operations, acts, runList);
        references = new ReferencePages(operations, acts);
        settings = new SettingPages(operations);
        api = new ConsoleApi(operations, acts);
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    ConsoleApi api() {
        return api;
    }

    @Override
    public void close() {
        acts.close();
        counting.shutdownNow();
        asking.shutdownNow();
    }
}
