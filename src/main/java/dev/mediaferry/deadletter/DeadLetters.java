package dev.mediaferry.deadletter;

import dev.mediaferry.failure.ConfigurationException;
import java.util.Optional;
import java.util.function.Function;

/** The transfers that were given up, for all who ask: commands and consoles. The work is done by the routes that it leads to. */
public final class DeadLetters {

    private final Function<DeadLetterRequest, DeadLetterPage> list;
    private final Function<HistoryRequest, History> show;
    private final Function<DeadLetterRequest, RetryResult> retry;
    private final Function<DeadLetterRequest, Long> discard;

    public DeadLetters(
            Function<DeadLetterRequest, DeadLetterPage> list,
            Function<HistoryRequest, History> show,
            Function<DeadLetterRequest, RetryResult> retry,
            Function<DeadLetterRequest, Long> discard) {
        this.list = list;
        this.show = show;
        this.retry = retry;
        this.discard = discard;
    }

    /**
     * @param most letters to list, at least 1
     * @throws ConfigurationException naming what is selected by and does not exist
     */
    public DeadLetterPage list(DeadLetterFilter selection, int most) {
        return list(selection, most, Optional.empty());
    }

    /** @param before where an earlier list ended */
    public DeadLetterPage list(DeadLetterFilter selection, int most, Optional<DeadLetterRequest.Before> before) {
        return list.apply(DeadLetterRequest.list(selection, most, before));
    }

    /**
     * @param id of any transfer, also of one that is no dead letter, or no longer
     * @throws ConfigurationException when there is none
     */
    public History show(long id) {
        return show.apply(new HistoryRequest(id));
    }

    /**
     * Has dead letters tried again by the next run. What no row holds any more ends instead.
     *
     * @throws ConfigurationException naming what is selected by and does not exist
     */
    public RetryResult retry(DeadLetterFilter selection) {
        return retry.apply(DeadLetterRequest.retry(selection));
    }

    /**
     * Takes dead letters out of all counts for good: their links are never planned again for their rows.
     *
     * @param reason kept in the ledger, 1 to 1,000 characters
     * @return how many
     * @throws ConfigurationException naming what is selected by and does not exist
     */
    public long discard(DeadLetterFilter selection, String reason) {
        return discard.apply(DeadLetterRequest.discard(selection, reason));
    }
}
