package dev.mediaferry.engine;

import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StoreCircuits;
import java.time.Duration;

/**
 * What takes its time in a run.
 *
 * @param store how long a store that refuses everything is waited for
 * @param readsAgain the longest time between two readings of a column
 */
record Tempo(StoreCircuits.Patience store, Duration readsAgain) {

    static final Tempo STANDARD = new Tempo(StoreCircuits.Patience.STANDARD, Runs.READS_AGAIN);
}
