package dev.mediaferry.verify;

import dev.mediaferry.entry.Entry;

/** The steps of {@code verify.camel.yaml}, which carry their verification along. */
public final class VerificationSteps {

    public void findUnknownPointers(Verification verification, Entry entry) {
        verification.findUnknownPointers(entry);
    }

    public void findLostPointers(Verification verification, Entry entry) {
        verification.findLostPointers(entry);
    }

    public void checkRecords(Verification verification, Entry entry) {
        verification.checkRecords(entry);
    }

    public void findStuckMedia(Verification verification) {
        verification.findStuckMedia();
    }

    public void findForgottenUploads(Verification verification) {
        verification.findForgottenUploads();
    }

    public void openBucket(Verification verification) {
        verification.openBucket();
    }

    public void readPage(Verification verification) {
        verification.readPage();
    }

    public void askStore(Verification verification) {
        verification.askStore();
    }

    public void record(Verification verification) {
        verification.record();
    }

    public void closeBucket(Verification verification) {
        verification.closeBucket();
    }

    public boolean mayBeLeftOut(Verification verification) {
        return verification.mayBeLeftOut();
    }

    public void leaveOut(Verification verification, Throwable cause) {
        verification.leaveOut(cause);
    }

    public VerifyReport report(Verification verification) {
        return verification.report();
    }
}
