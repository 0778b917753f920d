package dev.mediaferry.engine;

import dev.mediaferry.run.Claims;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StoreCircuits;
import java.time.Duration;

/**
 * What takes its time in a run.
 *
 * @param store how long a store that refuses everything is waited for
 * @param readsAgain the longest time between two readings of a column
 * @param sendsAgain time after which a number is dispatched once more that seems to be lost
 */
record Tempo(StoreCircuits.Patience store, Duration readsAgain, Duration sendsAgain) {

    static final Tempo STANDARD = new Tempo(StoreCircuits.Patience.STANDARD, Runs.READS_AGAIN, Claims.SENDS_AGAIN);
}
