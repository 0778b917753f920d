package dev.mediaferry.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Something that takes long to count in a large ledger: pages show what was counted last, and have it counted again beside them.
 * Counting takes a twentieth of the time at most, whatever it costs and however many look.
 */
final class Snapshot<T> {

    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final int REST = 20;

    private final Supplier<T> count;
    private final Executor background;
    private Taken<T> latest;
    private CompletableFuture<Taken<T>> running;
    private boolean outdated;

    /** @param at when it was begun to be counted */
    record Taken<T>(T value, Instant at, Duration cost) {}

    /** @param background counts, one after the other */
    Snapshot(Supplier<T> count, Executor background) {
        this.count = count;
        this.background = background;
    }

    /**
     * @param patience how long the very first one is waited for
     * @return empty when it is not counted yet
     */
    Optional<Taken<T>> latest(Duration patience) throws InterruptedException {
        CompletableFuture<Taken<T>> first = refresh();
        synchronized (this) {
            if (latest != null || first == null) {
                return Optional.ofNullable(latest);
            }
        }
        try {
            return Optional.of(first.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** What was counted is known to be another now: it is counted again as soon as somebody looks. */
    synchronized void outdate() {
        outdated = true;
    }

    private synchronized CompletableFuture<Taken<T>> refresh() {
        if (running == null && isDue()) {
            outdated = false;
            CompletableFuture<Taken<T>> begun = CompletableFuture.supplyAsync(this::take, background);
            running = begun;
            CompletableFuture<Taken<T>> unused = begun.whenComplete((taken, failure) -> done(taken));
            return begun;
        }
        return running;
    }

    private boolean isDue() {
        if (latest == null || outdated) {
            return true;
        }
        Duration rest = latest.cost().multipliedBy(REST);
        Duration age = Duration.between(latest.at(), Instant.now());
        return age.compareTo(rest.compareTo(SHORTEST) > 0 ? rest : SHORTEST) > 0;
    }

    private Taken<T> take() {
        Instant at = Instant.now();
        return new Taken<>(count.get(), at, Duration.between(at, Instant.now()));
    }

    private synchronized void done(Taken<T> taken) {
        latest = taken == null ? latest : taken;
        running = null;
    }
}
