package dev.mediaferry.ferry;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.pace.Permit;
import dev.mediaferry.run.Runs;
import java.time.Duration;

/** When a claimed transfer may ask its host, and whether it is still to ask at all. */
public final class HostAdmission {

    private final Runs runs;
    private final HostLimits pace;

    public HostAdmission(Runs runs, HostLimits pace) {
        this.runs = runs;
        this.pace = pace;
    }

    /** @return true when the transfer's host asks for a pause between requests */
    public boolean hasToWait(Transfer transfer) {
        return !transfer.expired() && pace.isPaced(transfer.host());
    }

    /**
     * @return how long to wait until the transfer may ask its host; its time is reserved
     * @throws TransferException when that is too long to wait for it in memory
     */
    public Duration reserve(Transfer transfer) {
        if (transfer.expired() || runs.stopping(transfer)) {
            return Duration.ZERO;
        }
        checkOpen(transfer);
        Duration wait = pace.reserve(transfer.host());
        if (wait.compareTo(HostLimits.LONGEST_WAIT) > 0) {
            throw new TransferException(
                    FailureKind.HOST_PAUSED, transfer.host() + " takes no more for the moment", wait, null);
        }
        return wait;
    }

    /**
     * @return a visit that has begun, or one that has to come back
     * @throws TransferException when since the claim the run was stopped, or the host shut out
     */
    public Permit enter(Transfer transfer) {
        checkWanted(transfer);
        checkOpen(transfer);
        return pace.enter(transfer.host());
    }

    /** @throws TransferException when since the claim the run was stopped */
    public void checkWanted(Transfer transfer) {
        if (runs.stopping(transfer)) {
            throw new TransferException(FailureKind.INTERRUPTED, "the run was stopped", Duration.ZERO, null);
        }
    }

    private void checkOpen(Transfer transfer) {
        Duration closed = pace.closedFor(transfer.host());
        if (closed.compareTo(HostLimits.LONGEST_WAIT) > 0 || (!closed.isZero() && pace.isOpen(transfer.host()))) {
            throw new TransferException(
                    FailureKind.HOST_PAUSED, transfer.host() + " is left alone for the moment", closed, null);
        }
    }
}
