package dev.mediaferry.derivatives;

import dev.mediaferry.registry.Derivation;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** A place where one job after the other is worked on, until none is due. */
public final class Seat {

    private final Lane lane;
    private final IntSupplier worker;
    private volatile boolean working = true;
    private volatile List<Long> jobs = List.of();

    /** Jobs of one lane do not wait for those of another. */
    public enum Lane {
        PICTURES,
        FILMS;

        private String[] kinds() {
            return switch (this) {
                case PICTURES -> new String[] {Derivation.Kind.PICTURES.label(), Derivation.Kind.POSTER.label()};
                case FILMS -> new String[] {Derivation.Kind.RENDITION.label()};
            };
        }
    }

    Seat(Lane lane, IntSupplier worker) {
        this.lane = lane;
        this.worker = worker;
    }

    /** True for what works on films. */
    public boolean isForFilms() {
        return lane == Lane.FILMS;
    }

    Lane lane() {
        return lane;
    }

    /** False once nothing was due, or the process stops. */
    public boolean isWorking() {
        return working;
    }

    void leave() {
        working = false;
    }

    void work(List<Long> claimed) {
        jobs = claimed;
    }

    /** Numbers of the jobs that it works on. */
    List<Long> jobs() {
        return jobs;
    }

    /** @return parameters of {@code derive-claim.sql} */
    public Map<String, Object> parameters() {
        return Map.of("worker", worker.getAsInt(), "kinds", lane.kinds());
    }
}
