package dev.mediaferry.compress;

/** This picture is not compressed. Ends the attempt, wherever it has got to. */
final class Unfit extends Exception {

    private final Kept kept;

    Unfit(Kept kept, String message) {
        super(message, null, false, false);
        this.kept = kept;
    }

    Kept kept() {
        return kept;
    }
}
