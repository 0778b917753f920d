package dev.mediaferry.run;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferState;

/** Hears of single media as they end, to show them; from any thread. */
public interface Watcher {

    /** Shows nothing. */
    Watcher NOBODY = new Watcher() {
        @Override
        public void planned(String id, String file, String key, boolean there) {}

        @Override
        public void ended(Transfer transfer, String key, TransferState state) {}

        @Override
        public void failed(Transfer transfer, FailureKind kind, String message) {}
    };

    /**
     * A dry run would store this file.
     *
     * @param file where it is, or is missed
     * @param there false when the file is missing
     */
    void planned(String id, String file, String key, boolean there);

    /**
     * @param key of the object
     * @param state linked or superseded
     */
    void ended(Transfer transfer, String key, TransferState state);

    /** The run does not try it again. */
    void failed(Transfer transfer, FailureKind kind, String message);
}
