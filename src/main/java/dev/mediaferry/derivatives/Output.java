package dev.mediaferry.derivatives;

import java.util.List;

/**
 * One derivative that a job has made, or could not make.
 *
 * @param version see {@link Assignment#nextVersion}
 * @param stored null for what was not made
 * @param width with height in pixels; null where it has none
 * @param bitrate bits per second; null where it has none
 * @param parts what belongs to it besides its own object
 * @param message why it was not made; null for what was
 */
public record Output(
        Slot slot,
        int version,
        Derivative.State state,
        StoredObject stored,
        Integer width,
        Integer height,
        Integer bitrate,
        List<StoredObject> parts,
        String message) {

    public Output {
        parts = List.copyOf(parts);
        if ((state == Derivative.State.READY) == (stored == null)) {
            throw new IllegalArgumentException("a derivative that is ready has an object, and no other has one");
        }
    }

    /**
     * An object in the bucket.
     *
     * @param url its public address; null where only signed URLs lead to it
     */
    public record StoredObject(
            String key, String url, String contentType, int cacheSeconds, long bytes, String sha256, String etag) {}

    public static Output picture(Slot slot, int version, StoredObject stored, int width, int height) {
        return new Output(slot, version, Derivative.State.READY, stored, width, height, null, List.of(), null);
    }

    /** @param message what to install, or to do */
    public static Output unavailable(Slot slot, int version, String message) {
        return new Output(slot, version, Derivative.State.UNAVAILABLE, null, null, null, null, List.of(), message);
    }
}
