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
        LOOKS.put("/failures", (pages, asked) -> pages.failures.show(asked));
        LOOKS.put("/failures/:id", (pages, asked) -> pages.failures.one(asked));
        LOOKS.put("/hosts", (pages, asked) -> pages.hosts.show());
        LOOKS.put("/acts", (pages, asked) -> pages.acted.list(asked));
        LOOKS.put("/acts/:id", (pages, asked) -> pages.acted.show(asked));
        ACTS.put("/failures/confirm", (pages, asked) -> pages.letters.confirm(asked));
        ACTS.put("/failures/act", (pages, asked) -> pages.letters.act(asked));
        ACTS.put("/runs/:id/preview-undo", (pages, asked) -> pages.undo.preview(asked));
        ACTS.put("/runs/:id/undo", (pages, asked) -> pages.undo.undo(asked));
        ACTS.put("/hosts", (pages, asked) -> pages.hosts.order(asked));
    }

    private final ExecutorService counting = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "console-counts");
        thread.setDaemon(true);
        return thread;
    });
    private final OverviewPage overview;
    private final RunPages runs;
    private final FailurePages failures;
    private final Acts acts;
    private final ActPages acted;
    private final LetterActs letters;
    private final UndoPages undo;
    private final HostPages hosts;

    Pages(Operations operations) {
        Figures figures = new Figures(operations, counting);
        RunList runList = new RunList(operations.database());
        overview = new OverviewPage(operations, figures, runList);
        runs = new RunPages(runList);
        failures = new FailurePages(operations, figures);
        acts = new Acts(operations.audit(), figures::outdate);
        acted = new ActPages(operations.audit());
        letters = new LetterActs(new DeadLetterJobs(operations.database(), operations.deadLetters()), acts);
        undo = new UndoPages(acts, operations.rollback());
        hosts = new HostPages(operations, acts);
    }

    @Override
    public void close() {
        acts.close();
        counting.shutdownNow();
    }
}
