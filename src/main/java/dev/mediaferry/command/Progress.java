package dev.mediaferry.command;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows on standard error how far a run is: a bar on a terminal, else a line every ten seconds. Closing it ends the show.
 */
final class Progress implements AutoCloseable {

    private static final Duration BAR_UPDATE = Duration.ofMillis(200);
    private static final Duration LINE_UPDATE = Duration.ofSeconds(10);

    private final Engine engine;
    private final Instant started = Instant.now();
    private final int columns;
    private final Thread thread;
    private volatile boolean closed;

    private Progress(Engine engine, int columns) {
        this.engine = engine;
        this.columns = columns;
        this.thread = new Thread(columns > 0 ? this::bar : this::lines, "progress");
        this.thread.setDaemon(true);
    }

    static Progress of(Engine engine) {
        // The launcher looks whether standard error is a terminal, which Java cannot tell, and how wide it is.
        Progress progress = new Progress(engine, Integer.getInteger("mediaferry.terminal", 0));
        progress.thread.start();
        return progress;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void bar() {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Moving")
                .setUnit(" rows", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) BAR_UPDATE.toMillis())
                .showSpeed()
                // The library's own console consumer asks JLine, which takes Ctrl-C from us.
                .setConsumer(new DelegatingProgressBarConsumer(text -> System.err.print("\r" + text), columns))
                .build()) {
            while (pause(BAR_UPDATE)) {
                engine.currentRuns().forEach(run -> {
                    bar.maxHint(run.planned());
                    bar.stepTo(ended(run));
                    bar.setExtraMessage(engine.storePause()
                            .map(reason -> " paused: " + reason)
                            .orElse(""));
                });
            }
        }
    }

    private void lines() {
        while (pause(LINE_UPDATE)) {
            engine.currentRuns().forEach(run -> System.err.println(line(run)));
        }
    }

    private String line(Run run) {
        Map<String, Long> settled = run.settled();
        long ended = ended(run);
        long moved = settled.getOrDefault(TransferState.LINKED.label(), 0L);
        double seconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
        double rate = ended / seconds;
        boolean planning = run.planning();
        String left = planning || ended == 0 ? "?" : duration((long) ((run.planned() - ended) / rate));
        String paused = engine.storePause()
                .map(reason -> "; paused, the store refuses everything: " + reason)
                .orElse("");
        return "%,d of %,d%s rows done, %,d moved, %,d not; %,.0f rows/s, about %s left%s"
                .formatted(ended, run.planned(), planning ? " or more" : "", moved, ended - moved, rate, left, paused);
    }

    private static long ended(Run run) {
        return run.settled().values().stream().mapToLong(Long::longValue).sum();
    }

    private static String duration(long seconds) {
        Duration time = Duration.ofSeconds(Math.max(0, seconds));
        return time.toHours() > 0
                ? "%d h %d min".formatted(time.toHours(), time.toMinutesPart())
                : time.toMinutes() > 0
                        ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                        : time.toSeconds() + " s";
    }

    private boolean pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            return false;
        }
        return !closed;
    }
}
