package dev.mediaferry.video;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;

/** Makes films smaller: H.264 and AAC, coded once for both forms, with key frames at the same times whatever the size. */
public final class Encoder {

    /** As Apple recommends for HLS; a player changes its rung at most that often. */
    static final int SEGMENT_SECONDS = 6;

    static final String PLAYLIST = "index.m3u8";
    private static final String FILM = "film.mp4";
    private static final String POSTER = "poster.png";
    private static final String HLS = "f=hls:hls_time=" + SEGMENT_SECONDS
            + ":hls_playlist_type=vod:hls_segment_type=fmp4:hls_fmp4_init_filename=init.mp4"
            + ":hls_flags=independent_segments:hls_segment_filename=s%05d.m4s";

    /** What a rendition may lack of the film before something is wrong: sound and picture seldom end together. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final double MOST_LOST = 0.02;

    private final Ffmpeg ffmpeg;

    public Encoder(Ffmpeg ffmpeg) {
        this.ffmpeg = ffmpeg;
    }

    /**
     * @param scratch with the source in it
     * @param done gets the share that is done, from 0 to 1, about once a second
     * @throws FilmException when nothing comes of it
     */
    public Rendition rendition(Scratch scratch, Film film, Rung rung, DoubleConsumer done) {
        List<String> after = new ArrayList<>();
        streams(after, film);
        picture(after, film, rung);
        after.addAll(List.of("-flags", "+global_header+bitexact", "-fflags", "+bitexact", "-write_tmcd", "0"));
        after.addAll(List.of("-f", "tee", "[" + HLS + "]" + PLAYLIST + "|[f=mp4:movflags=+faststart]" + FILM));
        double all = film.duration().toMillis();
        ffmpeg.run(scratch, List.of(), after, time -> done.accept(Math.min(1, time.toMillis() / all)));
        return result(scratch, film, rung);
    }

    private static void streams(List<String> after, Film film) {
        after.addAll(List.of("-map", "0:" + film.picture()));
        film.sound()
                .ifPresent(sound -> after.addAll(List.of(
                        "-map",
                        "0:" + sound.stream(),
                        "-c:a",
                        "aac",
                        "-b:a",
                        "128k",
                        "-ac",
                        "2",
                        "-ar",
                        "48000",
                        "-af",
                        "aresample=async=1:first_pts=0")));
        // Places and devices stand there.
        after.addAll(List.of("-sn", "-dn", "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"));
    }

    private static void picture(List<String> after, Film film, Rung rung) {
        after.addAll(List.of(
                "-vf",
                String.join(
                        ",",
                        Stream.of(
                                        film.interlaced() ? "bwdif=deint=interlaced" : "",
                                        "fps=fps=" + film.frameRate() + ":start_time=0",
                                        scale(rung.width(), rung.height()),
                                        "format=yuv420p")
                                .filter(filter -> !filter.isEmpty())
                                .toList())));
        after.addAll(List.of("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23"));
        after.addAll(
                List.of("-maxrate", Long.toString(rung.mostBits()), "-bufsize", Long.toString(2 * rung.mostBits())));
        after.addAll(List.of("-color_range", "tv", "-sc_threshold", "0"));
        after.addAll(List.of("-force_key_frames", "expr:gte(t,n_forced*" + SEGMENT_SECONDS + ")"));
        // No key frame comes between those.
        after.addAll(List.of("-g", Integer.toString(2 * film.frameRate().in(SEGMENT_SECONDS))));
    }

    private static String scale(int width, int height) {
        return String.format(Locale.ROOT, "scale=%d:%d:out_range=tv,setsar=1", width, height);
    }

    /**
     * @param at share of the duration
     * @return one picture of the film, upright and in its own size, as PNG
     */
    public Path poster(Scratch scratch, Film film, double at) {
        Path poster = scratch.directory().resolve(POSTER);
        // There may be no frame after the last one's time: then the first serves.
        for (double seconds : List.of(film.duration().toMillis() / 1000.0 * at, 0.0)) {
            ffmpeg.run(
                    scratch,
                    List.of("-ss", String.format(Locale.ROOT, "%.3f", seconds)),
                    List.of(
                            "-map",
                            "0:" + film.picture(),
                            "-an",
                            "-sn",
                            "-dn",
                            "-map_metadata",
                            "-1",
                            "-frames:v",
                            "1",
                            "-vf",
                            scale(film.width(), film.height()).replace(":out_range=tv", "") + ",format=rgb24",
                            "-f",
                            "image2",
                            "-update",
                            "1",
                            POSTER),
                    time -> {});
            if (Files.exists(poster)) {
                return poster;
            }
        }
        throw new FilmException(FilmFault.DAMAGED, "the film is damaged: it has no picture that can be shown");
    }

    private static Rendition result(Scratch scratch, Film film, Rung rung) {
        Path directory = scratch.directory();
        try {
            MediaPlaylist playlist =
                    MediaPlaylist.parse(Files.readAllLines(directory.resolve(PLAYLIST), StandardCharsets.UTF_8));
            double missing = film.duration().toMillis() / 1000.0 - playlist.seconds();
            if (missing > SLACK.toSeconds() && missing > film.duration().toSeconds() * MOST_LOST) {
                throw new FilmException(
                        FilmFault.DAMAGED,
                        String.format(
                                Locale.ROOT,
                                "the film is damaged: it says that it lasts %.1f s, and ends after %.1f s",
                                film.duration().toMillis() / 1000.0,
                                playlist.seconds()));
            }
            List<Path> segments = Stream.concat(
                            Stream.of(playlist.init()),
                            playlist.segments().stream().map(MediaPlaylist.Segment::name))
                    .map(directory::resolve)
                    .toList();
            return new Rendition(
                    directory.resolve(FILM),
                    directory.resolve(PLAYLIST),
                    segments,
                    Measurement.of(directory, playlist, film, rung));
        } catch (IOException e) {
            throw new FilmException(FilmFault.FAILED, "what ffmpeg has made is not there", e);
        }
    }
}
