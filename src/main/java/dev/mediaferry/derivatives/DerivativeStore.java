package dev.mediaferry.derivatives;

import dev.mediaferry.derivatives.Output.StoredObject;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.storage.DerivedObjects;
import dev.mediaferry.storage.DerivedObjects.Created;
import dev.mediaferry.storage.DerivedObjects.NewObject;
import java.nio.file.Path;
import java.time.Duration;

/** Where derivatives are put: beside their original, under keys that follow from its key, as public as the registry says. */
public final class DerivativeStore {

    /** Of pictures and segments, which never change under their key. */
    public static final Duration YEAR = Duration.ofDays(365);

    /** Of what is written again under other keys. */
    public static final Duration HOUR = Duration.ofHours(1);

    private final DerivedObjects objects;

    public DerivativeStore(DerivedObjects objects) {
        this.objects = objects;
    }

    /** Reads the original. */
    public <T> T read(Assignment work, long most, DerivedObjects.Reader<T> reader) {
        return objects.read(work.bucket(), work.job().objectKey(), most, reader);
    }

    /** @return the key of a derivative that is made now */
    public String key(Assignment work, Slot slot) {
        Derivation derivation = work.derivation();
        boolean picture = !Slot.OF_FILMS.contains(slot.kind());
        return (picture ? derivation.thumbnailKey() : derivation.renditionKey())
                .key(
                        work.job().objectKey(),
                        slot.kind().label(),
                        slot.sizeName(),
                        work.nextVersion(slot),
                        slot.format());
    }

    /**
     * @param cache how long others may keep it
     * @throws dev.mediaferry.failure.TransferException when another's object lies under the key
     */
    public StoredObject put(Assignment work, String key, String contentType, Duration cache, byte[] bytes) {
        return stored(work, key, contentType, cache, objects.create(object(work, key, contentType, cache), bytes));
    }

    /** As the other one, of a file. */
    public StoredObject put(Assignment work, String key, String contentType, Duration cache, Path file) {
        return stored(work, key, contentType, cache, objects.create(object(work, key, contentType, cache), file));
    }

    private static NewObject object(Assignment work, String key, String contentType, Duration cache) {
        String kept = "public, max-age=" + cache.toSeconds() + (cache.equals(YEAR) ? ", immutable" : "");
        return new NewObject(
                work.bucket(),
                key,
                contentType,
                work.shown() ? kept : "private, no-store",
                work.shown(),
                work.job().id());
    }

    private static StoredObject stored(
            Assignment work, String key, String contentType, Duration cache, Created created) {
        return new StoredObject(
                key,
                work.shown() ? work.bucket().target(key) : null,
                contentType,
                work.shown() ? (int) cache.toSeconds() : 0,
                created.bytes(),
                created.sha256(),
                created.etag());
    }
}
