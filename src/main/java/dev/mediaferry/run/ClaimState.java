package dev.mediaferry.run;

import dev.mediaferry.ledger.TransferState;
import java.time.Duration;

/**
 * A row of {@code ended-claims.sql}: how the ledger knows a transfer that this process has claimed, and holds no more.
 *
 * @param run that has it now
 * @param waitMillis until it is due
 * @param failure the kind of the last one; null without any
 */
public record ClaimState(long id, Long run, TransferState state, String host, long waitMillis, String failure) {

    Duration waits() {
        return Duration.ofMillis(waitMillis);
    }

    /** As reports have it. */
    String outcome() {
        return failure != null && (state == TransferState.DEAD || state == TransferState.WAITING)
                ? failure
                : state.label();
    }
}
