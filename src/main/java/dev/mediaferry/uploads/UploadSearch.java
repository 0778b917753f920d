package dev.mediaferry.uploads;

import java.util.UUID;

/** One open upload whose bytes are looked for. */
public final class UploadSearch {

    private final MediaSweep sweep;
    private final UUID mediaId;
    private boolean ended;

    UploadSearch(MediaSweep sweep, UUID mediaId) {
        this.sweep = sweep;
        this.mediaId = mediaId;
    }

    public UUID mediaId() {
        return mediaId;
    }

    MediaSweep sweep() {
        return sweep;
    }

    /** True when there is nothing to complete, or no longer; not when that could not be found out, or was not wanted. */
    public boolean isEnded() {
        return ended;
    }

    void end() {
        ended = !sweep.isDryRun();
    }
}
