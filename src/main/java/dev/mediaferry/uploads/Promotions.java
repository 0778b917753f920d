package dev.mediaferry.uploads;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Large uploads that are promoted after their requests were answered. Each has a lease, which is renewed while this process lives; should it
 * die, the next that completes the upload goes on where it stopped.
 */
public final class Promotions implements AutoCloseable {

    /** One completes an upload at a time; should its process die, the next may after this. */
    static final int LEASE_SECONDS = 300;

    private static final int RENEWAL_SECONDS = LEASE_SECONDS / 6;

    /** At a time; others wait with their leases. */
    private static final int UPLOADS = 4;

    /** That the store copies for us at a time. */
    private static final int PARTS = 8;

    private static final int STOP_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Promotions.class);

    private final MediaLedger ledger;
    private final ExecutorService uploads = Executors.newFixedThreadPool(UPLOADS, work -> daemon(work, "promotion"));
    private final ExecutorService copies = Executors.newFixedThreadPool(PARTS, work -> daemon(work, "part-copy"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "promotion-leases"));
    private final Map<UUID, Runnable> underWay = new ConcurrentHashMap<>();

    public Promotions(MediaLedger ledger) {
        this.ledger = ledger;
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(this::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** What single parts are copied by. */
    ExecutorService copies() {
        return copies;
    }

    /**
     * Goes on with an upload whose lease the caller has.
     *
     * @param lost is called when nobody wants the medium any more
     */
    void goOn(UUID id, Runnable lost, Runnable work) {
        underWay.put(id, lost);
        uploads.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                // The medium says what is wrong with it, or the next attempt goes on.
                LOG.warn("medium {} is not promoted: {}", id, e.getMessage());
            } finally {
                underWay.remove(id);
                ledger.release(id);
            }
        });
    }

    private void renew() {
        underWay.forEach((id, lost) -> {
            try {
                if (!ledger.renew(id, LEASE_SECONDS)) {
                    lost.run();
                }
            } catch (RuntimeException e) {
                LOG.warn("the lease of medium {} is not renewed: {}", id, e.getMessage());
            }
        });
    }

    @Override
    public void close() {
        clock.shutdownNow();
        uploads.shutdownNow();
        copies.shutdownNow();
        try {
            if (!uploads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("uploads are promoted by the next process, when their leases have ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
