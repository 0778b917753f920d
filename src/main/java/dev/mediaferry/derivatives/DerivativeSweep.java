package dev.mediaferry.derivatives;

/** How far a sweep of derivatives is. */
public final class DerivativeSweep {

    private volatile boolean unfinished = true;

    /** True while more may have to be removed. */
    public boolean isUnfinished() {
        return unfinished;
    }

    void goesOn(boolean more) {
        unfinished = more;
    }
}
