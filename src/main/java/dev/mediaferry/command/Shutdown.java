package dev.mediaferry.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order when the process is asked to stop (SIGTERM, SIGINT): asks the command to, and waits until it
 * has.
 */
final class Shutdown implements AutoCloseable {

    /** Longer than an engine drains; after it the process ends as it stands, and the next run takes over. */
    private static final int LONGEST_WAIT_SECONDS = 45;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Runnable stop = () -> {};

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
    }

    /** @param stop asks the command to end; called from another thread */
    void onStop(Runnable stop) {
        this.stop = stop;
    }

    /** @return true when something failed only since the process was asked to stop before it had come so far */
    static boolean explains(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            // So Java refuses hooks by then, those of libraries as well.
            if (cause instanceof IllegalStateException && "Shutdown in progress".equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    /** Sits until the process is asked to stop. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** @return true when the process is asked to stop within that time */
    boolean await(Duration time) throws InterruptedException {
        return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The command is done, all of it: what it opened was opened after this, and is closed. */
    @Override
    public void close() {
        ended.countDown();
    }

    private void stop() {
        asked.countDown();
        if (ended.getCount() == 0) {
            return;
        }
        stop.run();
        try {
            if (!ended.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("mediaferry: stopped without having finished; the next run takes over");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
