package dev.mediaferry.deadletter;

import dev.mediaferry.deadletter.DeadLetterFilter.Part;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Has many dead letters tried again, or discards them, page by page: each page is a transaction of its own, so nobody waits for all of
 * them, and what is done stays done.
 */
public final class DeadLetterJobs {

    private static final int PAGE = 1000;

    private final JdbcClient database;
    private final DeadLetters letters;

    /**
     * What became of the letters so far.
     *
     * @param total as they were counted when it began
     * @param retried wait for the next run
     * @param discarded are out of all counts
     * @param superseded had nothing to do any more
     * @param unknown stay, since the registry no longer has their field
     */
    public record Tally(long total, long retried, long discarded, long superseded, long unknown) {

        public long done() {
            return retried + discarded + superseded + unknown;
        }

        Tally retried(RetryResult page) {
            return new Tally(
                    total,
                    retried + page.retried(),
                    discarded,
                    superseded + page.superseded(),
                    unknown + page.unknown());
        }

        Tally discarded(long more) {
            return new Tally(total, retried, discarded + more, superseded, unknown);
        }
    }

    /** A page, by its last number; null at the end. */
    private record Page(Long last, long letters) {}

    public DeadLetterJobs(Database database, DeadLetters letters) {
        this.database = database.client();
        this.letters = letters;
    }

    /** @return how many fit, those that were dead by then */
    public long count(DeadLetterFilter selection, Instant until) {
        return next(selection, 0, until, Integer.MAX_VALUE).letters();
    }

    /** @param until letters that came, or were touched, later are left alone */
    public Tally retry(DeadLetterFilter selection, Instant until, Consumer<Tally> progress) {
        return all(selection, until, progress, (tally, page) -> tally.retried(letters.retry(page)));
    }

    /**
     * @param reason kept in the ledger with each
     * @throws ConfigurationException when the reason is none, before anything is done
     */
    public Tally discard(DeadLetterFilter selection, Instant until, String reason, Consumer<Tally> progress) {
        DeadLetterRequest.discard(selection, reason);
        return all(selection, until, progress, (tally, page) -> tally.discarded(letters.discard(page, reason)));
    }

    private interface Step {
        Tally apply(Tally before, DeadLetterFilter page);
    }

    private Tally all(DeadLetterFilter selection, Instant until, Consumer<Tally> progress, Step step) {
        Tally tally = new Tally(count(selection, until), 0, 0, 0, 0);
        progress.accept(tally);
        long after = 0;
        for (Page page = next(selection, 0, until, PAGE);
                page.last() != null;
                page = next(selection, after, until, PAGE)) {
            tally = step.apply(tally, selection.part(new Part(after, page.last(), until)));
            after = page.last();
            progress.accept(tally);
        }
        return tally;
    }

    private Page next(DeadLetterFilter selection, long after, Instant until, int most) {
        Map<String, Object> parameters =
                new HashMap<>(new DeadLetterRequest(selection, most, Optional.empty(), "").parameters());
        parameters.put("after", after);
        parameters.put("until", until.toString());
        return database.sql(Database.statement("dead-letter-part"))
                .params(parameters)
                .query(new RecordMapper<>(Page.class))
                .single();
    }
}
