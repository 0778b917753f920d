package dev.mediaferry.storage;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.TransferException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** An object could not be created, since another one lies under its key. Nothing was written. */
public final class KeyTakenException extends MediaferryException {

    private final transient HeadObjectResponse there;

    private KeyTakenException(String message, HeadObjectResponse there) {
        super(message, new TransferException(FailureKind.KEY_TAKEN, message));
        this.there = there;
    }

    static KeyTakenException of(String key, HeadObjectResponse there) {
        return new KeyTakenException("another object lies under the key " + key, there);
    }

    /** What the store says of the object that is there. */
    public HeadObjectResponse there() {
        return there;
    }
}
