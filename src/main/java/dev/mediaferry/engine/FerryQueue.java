package dev.mediaferry.engine;

import dev.mediaferry.ledger.Transfer;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import org.apache.camel.Exchange;

/**
 * What the ferry takes next: rows whose turn at their host has come, in the order of their turns, since their host's time is
 * lost otherwise; then the others as they were claimed. Its length is bounded by the claims.
 */
final class FerryQueue extends PriorityBlockingQueue<Exchange> {

    /** Exchange property of a row that has waited for its host: when its turn came, in {@link System#nanoTime}. */
    static final String TURN = "turn";

    private static final long serialVersionUID = 1L;
    private static final int FIRST_SIZE = 4096;

    private static final Comparator<Exchange> ORDER = Comparator.comparing(
                    FerryQueue::turn, Comparator.nullsLast(FerryQueue::byTurn))
            .thenComparing(FerryQueue::transfer, FerryQueue::byClaim);

    FerryQueue() {
        super(FIRST_SIZE, ORDER);
    }

    private static Long turn(Exchange exchange) {
        return exchange.getProperty(TURN, Long.class);
    }

    private static Transfer transfer(Exchange exchange) {
        return (Transfer) exchange.getMessage().getBody();
    }

    private static int byTurn(Long one, Long other) {
        return Long.signum(one - other);
    }

    private static int byClaim(Transfer one, Transfer other) {
        int order = one.claimed().compareTo(other.claimed());
        return order != 0 ? order : Long.compare(one.id(), other.id());
    }
}
