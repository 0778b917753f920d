package dev.mediaferry.reference;

/** A contract that ends by itself, while somebody waits for its end. */
public final class BrownOut {

    private final String reference;
    private boolean over;

    BrownOut(String reference) {
        this.reference = reference;
    }

    String reference() {
        return reference;
    }

    /** True until its time is over, or somebody has decided otherwise. */
    public boolean isOpen() {
        return !over;
    }

    void end() {
        over = true;
    }
}
