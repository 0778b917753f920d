package dev.mediaferry.uploads;

import java.time.Duration;

/** Hears how uploads of this process get on. */
public interface UploadObserver {

    /** Does not care. */
    UploadObserver NONE = new UploadObserver() {
        @Override
        public void opened(String type) {}

        @Override
        public void completed(String type, Duration upload, Duration processing) {}

        @Override
        public void failed(FailedMedium medium) {}
    };

    /** A session was opened. */
    void opened(String type);

    /**
     * A medium is READY.
     *
     * @param upload from its session's beginning until somebody completes it
     * @param processing from there to the end
     */
    void completed(String type, Duration upload, Duration processing);

    void failed(FailedMedium medium);
}
