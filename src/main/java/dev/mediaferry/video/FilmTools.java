package dev.mediaferry.video;

/** The programs for films. They may be installed while this process runs, so what is missing is looked for again. */
public final class FilmTools {

    private final VideoSettings settings;
    private Ffmpeg found;

    public FilmTools(VideoSettings settings) {
        this.settings = settings;
    }

    /** @throws FilmException as {@link FilmFault#UNAVAILABLE}, with a sentence that says what to install */
    public synchronized Ffmpeg ffmpeg() {
        if (found == null) {
            found = Ffmpeg.find(settings);
        }
        return found;
    }

    /** @return what an operator wants to know of them, in a sentence */
    public String sentence() {
        try {
            Ffmpeg ffmpeg = ffmpeg();
            return "ffmpeg " + ffmpeg.version()
                    + (ffmpeg.hasNoNetwork()
                            ? ", without a network"
                            : "; this user may not take the network from it (unshare -n), so only whitelists do");
        } catch (FilmException e) {
            return "films stay as they are: " + e.getMessage();
        }
    }

    /** Bytes that one film may take on disk with what is made of it. */
    public long scratch() {
        return settings.scratch();
    }
}
