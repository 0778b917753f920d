package dev.mediaferry.fetch;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.io.CloseMode;

/**
 * Ends requests whose time is up by closing their connections: time-outs of single reads do not stop a server that sends
 * a byte now and then.
 */
final class RequestDeadlines implements AutoCloseable {

    /** How exactly a deadline is kept. */
    private static final long TICK_MILLIS = 50;

    private final Duration time;
    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor clock;

    /** @param everySecond is done once a second by the way */
    RequestDeadlines(Duration time, Runnable everySecond) {
        this.time = time;
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "fetch-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> ticks = clock.scheduleWithFixedDelay(
                () -> running.forEach(Deadline::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> seconds = clock.scheduleWithFixedDelay(everySecond, 1, 1, TimeUnit.SECONDS);
        assert !ticks.isDone() && !seconds.isDone();
    }

    Deadline start() {
        Deadline deadline = new Deadline(System.nanoTime() + time.toNanos());
        running.add(deadline);
        return deadline;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** The time of one request, redirects and body included. */
    final class Deadline {
        private final long end;
        private volatile Closeable connection;
        private volatile boolean expired;

        private Deadline(long end) {
            this.end = end;
        }

        /** @param next what the request now depends on: it is closed when the time is up */
        void watch(Closeable next) {
            connection = next;
            if (expired) {
                abort();
            }
        }

        /** The request goes on elsewhere, in the time that is left. */
        void resume() {
            running.add(this);
        }

        void end() {
            running.remove(this);
        }

        boolean expired() {
            return expired;
        }

        /** @throws InterruptedIOException when this failure came of the time being up */
        void check(Exception failure) throws InterruptedIOException {
            if (expired) {
                InterruptedIOException timeout =
                        new InterruptedIOException("not done after " + time.toMillis() + " ms");
                timeout.initCause(failure);
                throw timeout;
            }
        }

        private void tick() {
            if (System.nanoTime() - end >= 0) {
                expired = true;
                abort();
                end();
            }
        }

        private void abort() {
            Closeable current = connection;
            try {
                if (current instanceof HttpConnection http) {
                    http.close(CloseMode.IMMEDIATE);
                } else if (current != null) {
                    current.close();
                }
            } catch (IOException e) {
                // It is closed, which is what was wanted.
            }
        }
    }
}
