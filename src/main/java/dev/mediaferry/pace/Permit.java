package dev.mediaferry.pace;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** One request to a host: what comes of it teaches how the host wants to be treated. Only its first end counts. */
public final class Permit {

    private static final int SERVICE_UNAVAILABLE = 503;

    private final HostLimiter lane;
    private final AddressLimiter crowd;
    private final String host;
    private final long started;
    private final long wait;
    private final boolean crowded;
    private final boolean probe;
    private final LongSupplier nanoTime;
    private final AtomicBoolean ended;

    /**
     * @param wait as {@link HostLimiter#enter} answered, or {@link AddressLimiter#enter}
     * @param crowded true when it has to come back for the sake of other hosts at its address
     */
    Permit(
            HostLimiter lane,
            AddressLimiter crowd,
            String host,
            long started,
            long wait,
            boolean crowded,
            LongSupplier nanoTime) {
        this.lane = lane;
        this.host = host;
        this.crowd = crowd;
        this.crowded = crowded;
        this.started = started;
        this.wait = wait;
        this.probe = wait == HostLimiter.PROBE;
        this.nanoTime = nanoTime;
        this.ended = new AtomicBoolean(wait > 0);
    }

    public boolean begun() {
        return wait <= 0;
    }

    /** True when the host itself would have let it go: it has to come back after just the time that is said. */
    public boolean crowded() {
        return crowded;
    }

    /** @return how long to wait before another try */
    public Duration comeBackIn() {
        return Duration.ofNanos(wait);
    }

    /** The medium was received. */
    public void end() {
        if (ended.compareAndSet(false, true)) {
            crowd.leave(host);
            lane.good(nanoTime.getAsLong(), started, probe);
        }
    }

    /** The transfer failed, at its host or without any doing of it. */
    public void end(TransferException failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        crowd.leave(host);
        long now = nanoTime.getAsLong();
        boolean complaint = failure.kind() == FailureKind.RATE_LIMITED
                || failure.httpStatus().orElse(0) == SERVICE_UNAVAILABLE;
        if (complaint) {
            lane.complaint(now, started, probe, failure.retryAfter().orElse(null));
        } else if (failure.kind() == FailureKind.UNAVAILABLE || failure.kind() == FailureKind.TIMEOUT) {
            lane.failure(now, started, probe, failure.getCause() instanceof ConnectException);
        } else if (failure.httpStatus().isPresent() || failure.kind() == FailureKind.TRUNCATED) {
            lane.good(now, started, probe);
        } else {
            lane.leave(probe);
        }
    }
}
