package dev.mediaferry.derivatives;

import dev.mediaferry.derivatives.JobResult.Failure;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether and when a job is tried again that has failed. */
public final class JobFailures {

    private static final Logger LOG = LoggerFactory.getLogger(JobFailures.class);

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** While the store or the ledger is away. */
    private static final Duration AWAY = Duration.ofMinutes(1);

    private static final int LARGEST_SHIFT = 20;

    private final int attempts;

    /** @param attempts after which a job is given up */
    public JobFailures(int attempts) {
        this.attempts = attempts;
    }

    public JobResult failed(Job job, Throwable thrown) {
        TransferException failure = FailureClassifier.of(thrown);
        Failure what = failure(job, failure.kind(), failure.getMessage());
        LOG.warn(
                "{} of {} failed ({}): {}; {}",
                job.kind().label(),
                job.objectKey(),
                what.label(),
                what.message(),
                what.again() == null
                        ? "given up"
                        : "tried again in " + what.again().toSeconds() + " s");
        return JobResult.failed(job, what);
    }

    /** The job is taken back within a minute or so, and done again. */
    public void unwritten(Job job, Throwable cause) {
        LOG.warn("what became of job {} cannot be written down, it is done again: {}", job.id(), cause.getMessage());
    }

    private Failure failure(Job job, FailureKind kind, String message) {
        boolean noVerdict = kind == FailureKind.STORAGE_UNAVAILABLE
                || kind.retry() == FailureKind.Retry.ALWAYS
                || kind.retry() == FailureKind.Retry.UNTRIED;
        if (noVerdict) {
            return new Failure(kind.label(), message, AWAY, false);
        }
        boolean over = kind.retry() == FailureKind.Retry.NEVER || job.attempts() >= attempts;
        return new Failure(kind.label(), message, over ? null : delay(job.attempts()), true);
    }

    private static Duration delay(int attempts) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(2 * (attempts - 1), LARGEST_SHIFT));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
