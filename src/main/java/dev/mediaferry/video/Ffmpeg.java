package dev.mediaferry.video;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ffmpeg and ffprobe of the system, which read films of strangers. They see a local file under a name of ours, in formats and by decoders
 * that {@link Codecs} lists, and reach nothing else.
 */
public final class Ffmpeg {

    static final String INSTALL =
            "install ffmpeg (with libx264), or name it by mediaferry.video.ffmpeg, then run: mediaferry derive --missing";

    private static final String NAME = "ffmpeg";

    private static final Duration FOR_QUESTIONS = Duration.ofMinutes(2);

    /** For reading what a film says of itself; hostile ones are made to take long. */
    private static final Duration FOR_PROBES = Duration.ofMinutes(10);

    private static final Pattern VERSION = Pattern.compile("ffmpeg version (\\S{1,60})");

    private final Path ffmpeg;
    private final Path ffprobe;
    private final Sandbox sandbox;
    private final Bounds bounds;
    private final String version;

    private Ffmpeg(Path ffmpeg, Path ffprobe, Sandbox sandbox, Bounds bounds) {
        this.ffmpeg = ffmpeg;
        this.ffprobe = ffprobe;
        this.sandbox = sandbox;
        this.bounds = bounds;
        this.version = checked();
    }

    /** @throws FilmException as {@link FilmFault#UNAVAILABLE} when something is not installed */
    public static Ffmpeg find(VideoSettings settings) {
        Path ffmpeg = settings.ffmpeg()
                .or(() -> Sandbox.program("ffmpeg", settings.searchPath()))
                .orElseThrow(() -> new FilmException(FilmFault.UNAVAILABLE, "ffmpeg is not installed: " + INSTALL));
        Path ffprobe = ffmpeg.resolveSibling("ffprobe");
        if (!Files.isExecutable(ffprobe)) {
            throw new FilmException(FilmFault.UNAVAILABLE, "ffprobe is not beside ffmpeg: " + INSTALL);
        }
        return new Ffmpeg(
                ffmpeg,
                ffprobe,
                Sandbox.find(settings.searchPath()),
                new Bounds(settings.timeout(), settings.memory(), settings.scratch()));
    }

    /** For what needs no bounds: films of our own. */
    public Path program() {
        return ffmpeg;
    }

    /** Like 5.1.9. */
    public String version() {
        return version;
    }

    /** True when children cannot reach a network; else only their whitelists keep them from it. */
    public boolean hasNoNetwork() {
        return sandbox.hasNoNetwork();
    }

    private String checked() {
        Matcher matcher = VERSION.matcher(ask("-version"));
        if (!matcher.find()) {
            throw new FilmException(
                    FilmFault.UNAVAILABLE, "what is called ffmpeg does not answer as ffmpeg: " + INSTALL);
        }
        if (!ask("-encoders").contains(" libx264 ")) {
            throw new FilmException(FilmFault.UNAVAILABLE, "ffmpeg was built without libx264: " + INSTALL);
        }
        return matcher.group(1);
    }

    private String ask(String question) {
        StringBuilder answer = new StringBuilder();
        Bounds few = new Bounds(FOR_QUESTIONS, bounds.memory(), Bounds.NO_FILES);
        Child.run(
                NAME,
                sandbox.wrap(List.of(ffmpeg.toString(), question), few),
                ffmpeg.getParent(),
                few,
                line -> answer.append(line).append('\n'));
        return answer.toString();
    }

    /** @return what ffprobe says of the scratch's source, as JSON */
    Child.Ended probe(Scratch scratch, String entries, Consumer<String> lines) {
        List<String> command = new ArrayList<>(List.of(ffprobe.toString(), "-v", "error", "-of", "json"));
        command.addAll(whitelists(Codecs.decodersAndTexts()));
        command.addAll(List.of("-show_entries", entries, "file:" + Scratch.SOURCE));
        Bounds time = bounds.within(FOR_PROBES);
        return Child.run(NAME, sandbox.wrap(command, time), scratch.directory(), time, lines);
    }

    /**
     * @param before options of the input
     * @param after options of the output, and its name
     * @param time of the film that is done
     * @throws FilmException when that does not end well
     */
    void run(Scratch scratch, List<String> before, List<String> after, Consumer<Duration> time) {
        List<String> command = new ArrayList<>(List.of(
                ffmpeg.toString(),
                "-hide_banner",
                "-nostdin",
                "-v",
                "error",
                "-y",
                "-stats_period",
                "1",
                "-progress",
                "pipe:1"));
        command.addAll(whitelists(Codecs.decoders()));
        command.addAll(before);
        command.addAll(List.of("-i", "file:" + Scratch.SOURCE));
        command.addAll(after);
        Progress progress = new Progress(time);
        Child.Ended ended = Child.run(NAME, sandbox.wrap(command, bounds), scratch.directory(), bounds, progress::line);
        if (ended.status() != 0) {
            throw Complaints.fault(ended, scratch.size() > bounds.disk() / 2);
        }
        if (!progress.hasEnded()) {
            throw new FilmException(FilmFault.FAILED, "ffmpeg has not come to the end of the film");
        }
    }

    private static List<String> whitelists(String decoders) {
        return List.of(
                "-protocol_whitelist", "file", "-format_whitelist", Codecs.formats(), "-codec_whitelist", decoders);
    }
}
