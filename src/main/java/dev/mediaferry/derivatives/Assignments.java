package dev.mediaferry.derivatives;

import dev.mediaferry.object.ObjectName;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import java.util.Optional;

/** What a job is to make: by the registry as it is now, and by what is made already. */
public final class Assignments {

    private final Registry registry;
    private final Buckets buckets;
    private final DerivativeLedger ledger;

    public Assignments(Registry registry, Buckets buckets, DerivativeLedger ledger) {
        this.registry = registry;
        this.buckets = buckets;
        this.ledger = ledger;
    }

    /** What the registry has made no more is not made. */
    public Assignment of(Job job) {
        return new Assignment(
                job,
                derivation(job).orElse(Derivation.NOTHING),
                isShown(job),
                buckets.at(job.bucket()),
                ledger.of(new ObjectName(job.bucket(), job.objectKey())).derivatives());
    }

    private Optional<Derivation> derivation(Job job) {
        return job.entry() != null
                ? registry.derivation(job.entry())
                : registry.upload(job.mediaType()).flatMap(UploadType::derivation);
    }

    /** Who may read the original is another question. What is of a type that is not known any more may be private. */
    private boolean isShown(Job job) {
        return job.mediaType() == null
                || registry.upload(job.mediaType())
                        .filter(type -> type.access() == UploadType.Access.PUBLIC)
                        .isPresent();
    }
}
