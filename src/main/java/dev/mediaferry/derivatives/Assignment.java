package dev.mediaferry.derivatives;

import dev.mediaferry.registry.Derivation;
import dev.mediaferry.storage.StorageSettings;
import java.util.List;

/**
 * A job with what is to be made.
 *
 * @param shown false when only signed URLs lead to what is made
 * @param bucket of the object, and of what is made of it
 * @param there what is made already, or could not be made
 */
public record Assignment(
        Job job, Derivation derivation, boolean shown, StorageSettings bucket, List<Derivative> there) {

    public Assignment {
        there = List.copyOf(there);
    }

    /** True when it is to be made: it is not there, or everything is made again. */
    public boolean wants(Slot slot) {
        return job.again() || there.stream().noneMatch(one -> slot.holds(one) && one.state() == Derivative.State.READY);
    }

    /** @return the version of what is made now, which lies beside what is there */
    public int nextVersion(Slot slot) {
        return there.stream()
                        .filter(slot::holds)
                        .filter(one -> one.storageKey() != null)
                        .mapToInt(Derivative::version)
                        .max()
                        .orElse(0)
                + 1;
    }
}
