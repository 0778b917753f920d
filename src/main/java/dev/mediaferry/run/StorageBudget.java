package dev.mediaferry.run;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.settings.Sizes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many bytes imports may have in the store together. What is there is counted in the ledger when a folder is looked at;
 * from then on every object asks before it is put. The first that does not fit ends its run: the rest waits for a larger
 * budget, or for room. Each process counts for itself.
 */
public final class StorageBudget {

    private static final String SETTING = "mediaferry.import.max-stored";

    private final OptionalLong most;
    private final JdbcClient sql;
    private final Worker worker;
    private final Map<Long, Long> onTheirWay = new HashMap<>();
    private long stored;

    /** @param most bytes; empty for as many as there are */
    public StorageBudget(OptionalLong most, Database database, Worker worker) {
        this.most = most;
        this.sql = database.client();
        this.worker = worker;
    }

    /** Reads from the ledger what is in the store, or may be there since a put has begun. */
    public synchronized void recount() {
        if (most.isEmpty()) {
            return;
        }
        onTheirWay.clear();
        stored = sql.sql(Database.statement("import-stored")).query(Long.class).single();
        sql.sql(Database.statement("import-begun")).param("worker", worker.id()).query(row -> {
            onTheirWay.put(row.getLong("id"), row.getLong("bytes"));
            stored += row.getLong("bytes");
        });
    }

    /**
     * @param needed bytes, at most
     * @return a sentence when a run would be ended
     */
    public synchronized Optional<String> shortage(long needed) {
        return most.isEmpty() || stored + needed <= most.getAsLong()
                ? Optional.empty()
                : Optional.of(
                        "%s allows imports %s in the store: %s are there, and these files need up to %s; a run stops before that"
                                .formatted(
                                        SETTING, Sizes.text(most.getAsLong()), Sizes.text(stored), Sizes.text(needed)));
    }

    /**
     * Takes the room for an object. Another attempt for the same transfer takes it once.
     *
     * @throws TransferException when there is too little; then its run claims nothing more
     */
    public synchronized void reserve(Transfer transfer, long bytes, Runs runs) {
        if (most.isEmpty()) {
            return;
        }
        long others = stored - onTheirWay.getOrDefault(transfer.id(), 0L);
        if (others + bytes > most.getAsLong()) {
            String why =
                    "%s allows imports %s in the store: %s are there, and the next object has %s; raise it, or make room, and import once more: it goes on from here"
                            .formatted(SETTING, Sizes.text(most.getAsLong()), Sizes.text(others), Sizes.text(bytes));
            runs.refuse(transfer, why);
            throw new TransferException(FailureKind.INTERRUPTED, why, Duration.ZERO, null);
        }
        onTheirWay.put(transfer.id(), bytes);
        stored = others + bytes;
    }

    /** The object is in the store. */
    public synchronized void stored(Transfer transfer) {
        if (most.isPresent()) {
            onTheirWay.remove(transfer.id());
        }
    }

    /** Nothing was put: what lies under the key was there before. */
    public synchronized void release(Transfer transfer) {
        Long bytes = onTheirWay.remove(transfer.id());
        stored -= bytes == null ? 0 : bytes;
    }

    /** @return true for a run's reason to end that is this one */
    public static boolean isReason(String refusal) {
        return refusal.startsWith(SETTING);
    }
}
