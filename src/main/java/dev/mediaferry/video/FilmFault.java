package dev.mediaferry.video;

/** Why nothing is made of a film. What the film itself is to blame for is not tried again. */
public enum FilmFault {
    /** It has no picture, or only the cover of a record. */
    NO_VIDEO(true),
    /** A container, codec or shape that is not taken. */
    NOT_TAKEN(true),
    /** High dynamic range, which would look washed out on screens that do not know it. */
    HDR(true),
    /** It ends early, or is no film at all. */
    DAMAGED(true),
    /** It lasts longer than its type takes. */
    TOO_LONG(true),
    /** Longer than {@code mediaferry.video.timeout}. */
    TIMEOUT(false),
    /** It needs more room than {@code mediaferry.video.scratch}, or the disk has. */
    NO_ROOM(false),
    /** This process ends, and its children with it. */
    STOPPED(false),
    /** ffmpeg crashed, or made something else than it was asked for. */
    FAILED(false),
    /** ffmpeg or what keeps it in bounds is not there. */
    UNAVAILABLE(false);

    private final boolean lasting;

    FilmFault(boolean lasting) {
        this.lasting = lasting;
    }

    /** True when another attempt would end the same way. */
    public boolean isLasting() {
        return lasting;
    }
}
