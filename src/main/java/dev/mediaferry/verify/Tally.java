package dev.mediaferry.verify;

import java.util.concurrent.atomic.AtomicLong;

/** How much was compared, counted by all who ask the store at the same time. */
final class Tally {

    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong theirs = new AtomicLong();
    private final AtomicLong claimed = new AtomicLong();

    /** After an interruption. */
    void goOn(long objectsBefore, long readBefore) {
        objects.set(objectsBefore);
        read.set(readBefore);
    }

    void addObject() {
        objects.incrementAndGet();
    }

    void addRead() {
        read.incrementAndGet();
    }

    void addTheirs() {
        theirs.incrementAndGet();
    }

    void addClaimed() {
        claimed.incrementAndGet();
    }

    long objects() {
        return objects.get();
    }

    long read() {
        return read.get();
    }

    long theirs() {
        return theirs.get();
    }

    long claimed() {
        return claimed.get();
    }
}
