package dev.mediaferry.run;

import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Circuit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which buckets take what is put, and what that means for runs: while one takes nothing, nothing is claimed or downloaded for
 * it; when that lasts too long, its fields end.
 */
public final class StoreCircuits {

    private static final Logger LOG = LoggerFactory.getLogger(StoreCircuits.class);

    /** After that long a row is claimed again, unless its bucket is still left alone. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final Buckets buckets;
    private final Worker worker;
    private final Patience patience;
    private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();
    private String remembered = "{}";

    /**
     * How long a store is waited for.
     *
     * @param firstProbe until it is first asked whether it is well
     * @param most until a run ends
     */
    public record Patience(Duration firstProbe, Duration most) {

        public static final Patience STANDARD = new Patience(Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    public StoreCircuits(Buckets buckets, Worker worker, Patience patience) {
        this.buckets = buckets;
        this.worker = worker;
        this.patience = patience;
    }

    /**
     * @return to be run when the row is done
     * @throws TransferException when the bucket takes nothing at the moment
     */
    public Runnable enter(Transfer transfer) {
        Circuit circuit = circuit(transfer);
        try {
            return circuit.enter().orElseThrow(() -> paused(circuit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransferException(FailureKind.INTERRUPTED, "the run was stopped", Duration.ZERO, null);
        }
    }

    /**
     * For what asks the store before anything is downloaded.
     *
     * @throws TransferException while the bucket does not answer
     */
    public void check(Transfer transfer) {
        if (!circuit(transfer).mayBeAsked()) {
            throw paused(circuit(transfer));
        }
    }

    public void stored(Transfer transfer) {
        circuit(transfer)
                .accepted()
                .ifPresent(over -> LOG.info("the store takes objects of {} again", bucket(transfer)));
    }

    /** Takes notice when it was the store that failed, for a reason that is not this object. */
    public void failed(Transfer transfer, TransferException failure, Throwable thrown) {
        boolean verdict = failure.kind() == FailureKind.STORAGE_DENIED
                || (failure.kind() == FailureKind.STORAGE_UNAVAILABLE && FailureClassifier.isOfStore(thrown));
        if (!verdict) {
            return;
        }
        circuit(transfer)
                .refused(failure.getMessage())
                .ifPresent(pause -> LOG.warn(
                        "the store has refused one object after the other for bucket {}, nothing more is downloaded for it"
                                + " until it takes one: {}",
                        bucket(transfer),
                        pause.reason()));
    }

    /** @return how many rows of a field may be claimed */
    int room(FieldRun field) {
        return circuit(field).room();
    }

    /** @return what the store said, when it has refused everything for longer than a run sits through */
    Optional<String> refusal(FieldRun field) {
        return circuit(field).pause().filter(pause -> isTooLong(pause, field)).map(Circuit.Pause::reason);
    }

    private boolean isTooLong(Circuit.Pause pause, FieldRun field) {
        Instant run = field.run().started();
        Instant since = pause.since().isAfter(run) ? pause.since() : run;
        return since.plus(patience.most()).isBefore(Instant.now());
    }

    /** @return the pauses there are, by bucket */
    public Map<String, Circuit.Pause> pauses() {
        Map<String, Circuit.Pause> pauses = new HashMap<>();
        circuits.forEach((bucket, circuit) -> circuit.pause().ifPresent(pause -> pauses.put(bucket, pause)));
        return pauses;
    }

    // For the route that asks and writes down

    /** @return buckets that are to be asked whether they are well */
    public List<String> due() {
        return circuits.entrySet().stream()
                .filter(entry -> entry.getValue().probeIsDue())
                .map(Map.Entry::getKey)
                .toList();
    }

    public void answered(String bucket) {
        circuits.get(bucket).answered();
    }

    public void unanswered(String bucket, Throwable thrown) {
        circuits.get(bucket).unanswered(FailureClassifier.of(thrown).getMessage());
    }

    /** @return null when nothing has changed */
    public StorePauses changes() {
        Map<String, Circuit.Pause> pauses = pauses();
        // Under a new id it is written down anew.
        String now = pauses.isEmpty() ? "{}" : worker.id() + pauses.toString();
        if (remembered.equals(now)) {
            return null;
        }
        List<Map.Entry<String, Circuit.Pause>> rows = List.copyOf(pauses.entrySet());
        return new StorePauses(
                worker.id(),
                rows.stream().map(Map.Entry::getKey).toArray(String[]::new),
                rows.stream().map(row -> row.getValue().since().toString()).toArray(String[]::new),
                rows.stream().map(row -> row.getValue().reason()).toArray(String[]::new),
                now);
    }

    /** @param written into the ledger */
    public void remembered(StorePauses written) {
        remembered = written.text();
    }

    private static TransferException paused(Circuit circuit) {
        return new TransferException(
                FailureKind.STORAGE_PAUSED,
                "the store takes nothing at the moment: "
                        + circuit.pause().map(Circuit.Pause::reason).orElse(""),
                MOMENT,
                null);
    }

    private Circuit circuit(Transfer transfer) {
        return circuit(bucket(transfer));
    }

    private String bucket(Transfer transfer) {
        return buckets.at(transfer.bucket()).bucket();
    }

    private Circuit circuit(FieldRun field) {
        return circuit(buckets.of(field.entry().bucket()).bucket());
    }

    private Circuit circuit(String bucket) {
        return circuits.computeIfAbsent(bucket, name -> new Circuit(patience.firstProbe()));
    }
}
