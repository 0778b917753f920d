package dev.mediaferry.engine;

import dev.mediaferry.ledger.Transfer;
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

    FerryQueue() {
        super(FIRST_SIZE, FerryQueue::compare);
    }

    private static int compare(Exchange one, Exchange other) {
        Long turn = turn(one);
        Long otherTurn = turn(other);
        if (turn == null && otherTurn == null) {
            return byClaim(transfer(one), transfer(other));
        }
        if (turn == null || otherTurn == null) {
            return turn == null ? 1 : -1;
        }
        int order = byTurn(turn, otherTurn);
        return order != 0 ? order : byClaim(transfer(one), transfer(other));
    }

    private static Long turn(Exchange exchange) {
        return (Long) exchange.getProperty(TURN);
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
