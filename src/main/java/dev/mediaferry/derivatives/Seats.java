package dev.mediaferry.derivatives;

import dev.mediaferry.ledger.Worker;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many jobs this process works on at once. */
public final class Seats {

    private static final Logger LOG = LoggerFactory.getLogger(Seats.class);

    private final Worker worker;
    private final int attempts;
    private final Map<Seat.Lane, Integer> most = new EnumMap<>(Seat.Lane.class);
    private final Set<Seat> taken = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    public Seats(Worker worker, DerivativeSettings settings) {
        this.worker = worker;
        this.attempts = settings.attempts();
        most.put(Seat.Lane.PICTURES, settings.pictures());
        most.put(Seat.Lane.FILMS, settings.films());
    }

    /** @return those that are free, and are taken from now on */
    public List<Seat> take() {
        List<Seat> free = new ArrayList<>();
        most.forEach((lane, seats) -> {
            long used = taken.stream().filter(seat -> seat.lane() == lane).count();
            for (long i = used; i < seats && !stopped; i++) {
                free.add(new Seat(lane, worker::id));
            }
        });
        taken.addAll(free);
        return free;
    }

    /** @return the same seat, which ends when nothing was claimed, or the process stops */
    public Seat claimed(Seat seat, List<Job> jobs) {
        if (jobs.isEmpty() || stopped) {
            seat.leave();
        }
        seat.work(jobs.stream().map(Job::id).toList());
        return seat;
    }

    /** Has a seat be free again whose work has broken off; what it had claimed is taken back. */
    public void interrupted(Seat seat, Throwable cause) {
        LOG.warn("no derivatives are made for the moment: {}", cause.getMessage());
        if (seat != null) {
            leave(seat);
        }
    }

    /** Has a seat be free again. */
    public void leave(Seat seat) {
        seat.leave();
        taken.remove(seat);
    }

    /** Nothing more is claimed. */
    public void stop() {
        stopped = true;
    }

    /** True while something is worked on. */
    public boolean areTaken() {
        return !taken.isEmpty();
    }

    /** @return parameters of {@code derive-recover.sql} */
    public Map<String, Object> recovery() {
        return Map.of(
                "worker",
                worker.id(),
                "most",
                attempts,
                "inHand",
                taken.stream()
                        .flatMap(seat -> seat.jobs().stream())
                        .mapToLong(Long::longValue)
                        .toArray());
    }
}
