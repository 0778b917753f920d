package dev.mediaferry.ferry;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.RetryPolicy;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferId;
import dev.mediaferry.ledger.TransferResult;
import dev.mediaferry.ledger.TransferResult.Failed;
import dev.mediaferry.ledger.TransferResult.Remains;
import dev.mediaferry.ledger.TransferResult.Stored;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.link.Link;
import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.run.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes down how attempts ended, many at a time, and tells the run. */
public final class ResultWriter {

    /** How often a row that somebody else has locked is tried before its transfer is left for later. */
    private static final int RELINK_ATTEMPTS = 20;

    private static final int MAX_MESSAGE = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ResultWriter.class);

    private final Runs runs;

    public ResultWriter(Runs runs) {
        this.runs = runs;
    }

    /** The settlements of one entry, on their way through the ledger. */
    public record Batch(String entry, List<Stored> stored, List<Failed> failed, int attempt) {

        /** Camel hashes whatever an expression asks, several times for each batch; its thousand values would all be read. */
        @Override
        public int hashCode() {
            return Objects.hash(entry, stored.size(), failed.size(), attempt);
        }

        public boolean hasStored() {
            return !stored.isEmpty();
        }

        public boolean hasFailed() {
            return !failed.isEmpty();
        }

        public boolean hasRepaired() {
            return repaired().findAny().isPresent();
        }

        Stream<Transfer> repaired() {
            return Stream.concat(stored.stream(), failed.stream())
                    .map(TransferResult::transfer)
                    .filter(transfer -> transfer.repair() != null);
        }
    }

    /**
     * What a relink says of a transfer: a row of an entry's relinking statement.
     *
     * @param state that it is in now; or untouched, userless, hidden or elsewhere, as the statement explains
     */
    public record Relinked(long id, String state) {}

    /** @param settlements of one entry */
    public Batch batch(List<TransferResult> settlements) {
        List<Stored> stored = new ArrayList<>();
        List<Failed> failed = new ArrayList<>();
        for (TransferResult settlement : settlements) {
            if (settlement instanceof Stored done) {
                stored.add(done);
            } else {
                failed.add((Failed) settlement);
            }
        }
        return new Batch(settlements.get(0).entry(), stored, failed, 1);
    }

    /**
     * Leaves out what belongs to runs that were given up, since waiting for the database on their behalf is in vain, and what
     * was claimed under an id that this process no longer has, since others have it.
     *
     * @return settlements of one and the same worker
     */
    public Batch wanted(Batch batch) {
        Stream.concat(batch.stored().stream(), batch.failed().stream())
                .map(TransferResult::transfer)
                .filter(transfer -> !runs.isHeld(transfer))
                .forEach(runs::lost);
        return new Batch(
                batch.entry(),
                batch.stored().stream()
                        .filter(stored -> runs.isHeld(stored.transfer()))
                        .toList(),
                batch.failed().stream()
                        .filter(failed -> runs.isHeld(failed.transfer()))
                        .toList(),
                batch.attempt());
    }

    public String relinkSql(Batch batch) {
        return runs.entry(batch.entry()).relink().sql();
    }

    /**
     * Takes in what the relink answered.
     *
     * @return what is still to be done: rows that somebody else has locked, to be tried again, and those given up
     */
    public Batch relinked(Batch batch, List<Relinked> rows) {
        Map<Long, String> states = new HashMap<>();
        rows.forEach(row -> states.put(row.id(), row.state()));
        List<Stored> locked = new ArrayList<>();
        List<Failed> givenUp = new ArrayList<>(batch.failed());
        for (Stored stored : batch.stored()) {
            String state = states.getOrDefault(stored.transfer().id(), "locked");
            boolean last = batch.attempt() >= RELINK_ATTEMPTS;
            switch (state) {
                case "untouched" ->
                    givenUp.add(refused(stored, "its update changes nothing, since a trigger returns null"));
                case "userless" -> givenUp.add(refused(stored, noUser(batch.entry())));
                case "hidden" -> {
                    if (last) {
                        givenUp.add(refused(stored, "no policy of the table's row security lets us update it"));
                    } else {
                        locked.add(stored);
                    }
                }
                case "locked" -> {
                    if (last) {
                        givenUp.add(
                                unlinked(stored, FailureKind.ROW_LOCKED, "another transaction kept the row locked"));
                    } else {
                        locked.add(stored);
                    }
                }
                case "elsewhere" -> runs.lost(stored.transfer());
                default -> runs.settled(stored.transfer(), TransferState.of(state), stored.objectKey(), stored.bytes());
            }
        }
        return new Batch(batch.entry(), locked, givenUp, batch.attempt() + 1);
    }

    /**
     * The database refused a batch because of one of its rows.
     *
     * @return each stored transfer as a batch of its own, to find out which; or, when there was only one, its failure
     */
    public List<Batch> isolate(Batch batch, Throwable cause) {
        if (batch.stored().size() > 1) {
            return batch.stored().stream()
                    .map(stored -> new Batch(batch.entry(), List.of(stored), List.of(), batch.attempt()))
                    .toList();
        }
        TransferException refused = new TransferException(
                FailureKind.ROW_REFUSED, "the database refused the new link: " + rootMessage(cause), cause);
        List<Failed> failed = batch.stored().stream()
                .map(stored -> failure(stored.transfer(), refused, Remains.of(stored)))
                .toList();
        return List.of(new Batch(batch.entry(), List.of(), failed, batch.attempt()));
    }

    private String noUser(String entry) {
        return runs.entry(entry).asMedia().map(AsMedia::userMissing).orElseThrow();
    }

    private Failed refused(Stored stored, String why) {
        return unlinked(stored, FailureKind.ROW_REFUSED, why);
    }

    private Failed unlinked(Stored stored, FailureKind kind, String why) {
        return failure(
                stored.transfer(),
                new TransferException(kind, why + "; the object is stored, the pointer untouched"),
                Remains.of(stored));
    }

    public Batch withoutStored(Batch batch) {
        return new Batch(batch.entry(), List.of(), batch.failed(), batch.attempt());
    }

    /** @return what a relink answers that was refused as a whole */
    public List<Relinked> nothingRelinked() {
        return List.of();
    }

    /**
     * Tells the run, and the log, of the failures that are written down now.
     *
     * @param elsewhere what does not belong to its run any more
     */
    public void recorded(Batch batch, List<TransferId> elsewhere) {
        Set<Long> lost = elsewhere.stream().map(TransferId::id).collect(Collectors.toSet());
        for (Failed failed : batch.failed()) {
            if (lost.contains(failed.transfer().id())) {
                runs.lost(failed.transfer());
                continue;
            }
            LOG.atLevel(failed.next().isEmpty() ? Level.INFO : Level.DEBUG)
                    .log(
                            "{} row {}: {}{}, {}",
                            failed.entry(),
                            failed.transfer().rowKey(),
                            failed.kind().label(),
                            failed.next().isEmpty() ? ", a dead letter" : "",
                            failed.message());
            Instant due = failed.next()
                    .filter(RetryPolicy.Next::inRun)
                    .map(next -> Instant.now().plus(next.delay()))
                    .orElse(null);
            String host =
                    failed.fresh().map(Link::host).orElse(failed.transfer().host());
            runs.failed(failed.transfer(), host, failed.kind(), failed.message(), due);
        }
    }

    /** What becomes of a transfer after a failure: decided by the kind, and by how often it was tried. */
    Failed failure(Transfer transfer, TransferException cause, Remains remains) {
        return new Failed(
                transfer,
                cause.kind(),
                shorten(cause.getMessage()),
                RetryPolicy.next(cause.kind(), transfer.attempt(), cause.retryAfter()),
                remains,
                cause.httpStatus(),
                cause.answer().orElse(null),
                Duration.between(transfer.claimed(), Instant.now()),
                Optional.empty());
    }

    /** PostgreSQL takes no zero bytes in text, and nobody reads a page of HTML in a list. */
    private static String shorten(String message) {
        String clean = message == null ? "" : message.replace('\0', ' ');
        return clean.length() <= MAX_MESSAGE ? clean : clean.substring(0, MAX_MESSAGE);
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Optional.ofNullable(root.getMessage()).orElse(root.getClass().getSimpleName());
    }
}
