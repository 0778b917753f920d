package dev.mediaferry.engine;

import dev.mediaferry.ledger.Transfer;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * What the ferry takes next: rows whose turn at their host has come, in the order of their turns, since their host's time is
 * lost otherwise; then the others as they were claimed. Its length is bounded by the claims. Who takes a row has to have a
 * {@link Place} first: so what is taken is always what is most urgent when it may be downloaded at once.
 */
final class FerryQueue extends PriorityBlockingQueue<Exchange> {

    /** Exchange property of a row that has waited for its host: when its turn came, in {@link System#nanoTime}. */
    static final String TURN = "turn";

    /** Exchange property of a row that was taken: its {@link Place}. */
    static final String PLACE = "place";

    private static final long serialVersionUID = 1L;
    private static final int FIRST_SIZE = 4096;

    private final Semaphore places;

    /** @param places rows that may be downloaded at the same time */
    FerryQueue(int places) {
        super(FIRST_SIZE, FerryQueue::compare);
        this.places = new Semaphore(places);
    }

    /** One of the downloads that may be under way, given back once: as soon as its row has its bytes, or needs none. */
    static final class Place extends SynchronizationAdapter {

        private final Semaphore places;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(Semaphore places) {
            this.places = places;
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                places.release();
            }
        }

        @Override
        public void onDone(Exchange exchange) {
            leave();
        }
    }

    /** @return null when there is no place, or no row, for that long */
    @Override
    public Exchange poll(long timeout, TimeUnit unit) throws InterruptedException {
        if (!places.tryAcquire(timeout, unit)) {
            return null;
        }
        Place place = new Place(places);
        Exchange next = null;
        try {
            next = super.poll(timeout, unit);
        } finally {
            if (next == null) {
                place.leave();
            }
        }
        if (next != null) {
            next.setProperty(PLACE, place);
        }
        return next;
    }

    static Place place(Exchange exchange) {
        return exchange.getProperty(PLACE, Place.class);
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
