package dev.mediaferry.video;

import dev.mediaferry.settings.Shown;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ffmpeg and ffprobe complain about, as a fault of the film or of the machine. */
final class Complaints {

    private static final Pattern OTHER_CODEC = Pattern.compile("Codec \\(([\\w.-]{1,40})\\) not on whitelist");
    private static final Pattern OTHER_FORMAT =
            Pattern.compile("\\[([\\w.,-]{1,60}) @ [^\\]]*] Format not on whitelist");
    private static final List<String> BROKEN = List.of(
            "invalid data found",
            "moov atom not found",
            "end of file",
            "error while decoding",
            "could not find codec parameters",
            "invalid nal",
            "partial file",
            "truncat",
            "ebml");

    /** Signals by which the kernel says that a limit is met (signal(7)), as exit codes. */
    private static final int PROCESSOR_TIME_LIMIT = 128 + 24;

    private static final int FILE_SIZE_LIMIT = 128 + 25;

    private static final int SHOWN = 160;

    private Complaints() {}

    /** @param crowded true when much of the room is used, so that a write that fails says little of the film */
    static FilmException fault(Child.Ended ended, boolean crowded) {
        String errors = ended.errors();
        Matcher format = OTHER_FORMAT.matcher(errors);
        if (format.find()) {
            return new FilmException(
                    FilmFault.NOT_TAKEN, "files of the format " + format.group(1) + " are not taken as films");
        }
        Matcher codec = OTHER_CODEC.matcher(errors);
        if (codec.find()) {
            return new FilmException(
                    FilmFault.NOT_TAKEN, "the film is coded with " + codec.group(1) + ", which is not taken");
        }
        String lower = errors.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left")
                || lower.contains("file too large")
                || (crowded && lower.contains("error writing"))) {
            return new FilmException(FilmFault.NO_ROOM, "there is no room on disk for what is made of the film");
        }
        if (lower.contains("cannot allocate memory")) {
            return new FilmException(FilmFault.FAILED, "ffmpeg needs more memory than mediaferry.video.memory");
        }
        if (ended.status() == FILE_SIZE_LIMIT) {
            return new FilmException(
                    FilmFault.NO_ROOM, "what is made of the film is larger than mediaferry.video.scratch");
        }
        if (ended.status() == PROCESSOR_TIME_LIMIT) {
            return new FilmException(
                    FilmFault.TIMEOUT, "ffmpeg used up the processor time that mediaferry.video.timeout leaves it");
        }
        if (ended.wasKilled()) {
            return new FilmException(FilmFault.FAILED, "ffmpeg crashed (signal " + (ended.status() - 128) + ")");
        }
        if (BROKEN.stream().anyMatch(lower::contains)) {
            return new FilmException(FilmFault.DAMAGED, "the film is damaged: " + last(errors));
        }
        return new FilmException(FilmFault.FAILED, "ffmpeg ended with " + ended.status() + ": " + last(errors));
    }

    /** The last thing it said, without addresses of its memory. */
    static String last(String errors) {
        String said = errors.strip();
        String line = said.substring(said.lastIndexOf('\n') + 1).replaceAll(" @ 0x[0-9a-f]+", "");
        return line.isEmpty() ? "it does not say why" : Shown.text(line.substring(0, Math.min(line.length(), SHOWN)));
    }
}
