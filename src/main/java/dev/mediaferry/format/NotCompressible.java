package dev.mediaferry.format;

/** This picture is not compressed. Ends the attempt, wherever it has got to. */
public final class NotCompressible extends Exception {

    private final SkipReason kept;

    public NotCompressible(SkipReason kept, String message) {
        super(message, null, false, false);
        this.kept = kept;
    }

    public SkipReason kept() {
        return kept;
    }
}
