package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.AuditLog.Actor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators do here, each with a line in the audit log. What takes long goes on beside the pages, a few at a time. */
final class Acts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Acts.class);
    private static final int THREADS = 3;
    private static final int MOST_WAITING = 50;
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final AuditLog audit;
    private final Runnable done;
    private final ExecutorService work = new ThreadPoolExecutor(
            THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "console-acts");
                thread.setDaemon(true);
                return thread;
            });

    /** @param done called after each */
    Acts(AuditLog audit, Runnable done) {
        this.audit = audit;
        this.done = done;
    }

    /** Acts at once. */
    <T> T now(Visitor visitor, String act, Map<String, ?> subject, Supplier<T> what) {
        try {
            return audit.act(actor(visitor), act, subject, id -> what.get());
        } finally {
            done.run();
        }
    }

    /**
     * Acts as soon as what was begun before is over.
     *
     * @param what is given somewhere to tell how far it is; its result is kept in the audit log
     * @return the act's page
     */
    Answer later(Visitor visitor, String act, Map<String, ?> subject, Function<Consumer<Object>, Object> what) {
        long id = audit.begin(actor(visitor), act, subject);
        try {
            work.execute(() -> run(id, act, what));
        } catch (RejectedExecutionException e) {
            audit.end(id, null, "too many acts were waiting");
            throw new ConfigurationException("too many acts wait for their turn; try again later");
        }
        return new Answer.Redirect(Console.ROOT + "/acts/" + id);
    }

    private void run(long id, String act, Function<Consumer<Object>, Object> what) {
        Object outcome = null;
        String failure = null;
        try {
            outcome = what.apply(soFar -> audit.progress(id, soFar));
        } catch (MediaferryException e) {
            failure = e.getMessage();
        } catch (RuntimeException e) {
            LOG.warn("act {}, {}, failed", id, act, e);
            failure = FailureClassifier.isOutage(e)
                    ? "the database did not answer; what is counted was done"
                    : "something went wrong; the service's log says more";
        }
        try {
            end(id, outcome, failure);
        } catch (InterruptedException e) {
            // The process closes; others see that it is gone.
            Thread.currentThread().interrupt();
        } finally {
            done.run();
        }
    }

    /** Says so as soon as the database is there again: an act without an end looks as if it went on. */
    private void end(long id, Object outcome, String failure) throws InterruptedException {
        boolean said = false;
        while (!said) {
            try {
                audit.end(id, outcome, failure);
                said = true;
            } catch (RuntimeException e) {
                if (!FailureClassifier.isOutage(e)) {
                    throw e;
                }
                Thread.sleep(AGAIN.toMillis());
            }
        }
    }

    private static Actor actor(Visitor visitor) {
        return new Actor(visitor.name(), visitor.from());
    }

    @Override
    public void close() {
        work.shutdownNow();
    }
}
