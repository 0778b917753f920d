package dev.mediaferry.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.fixture.Films;
import dev.mediaferry.fixture.HlsCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FilmTest {

    private static final List<Integer> SIZES = List.of(180, 360, 720);

    @TempDir
    static Path directory;

    private static Films films;
    private static Ffmpeg ffmpeg;

    @BeforeAll
    static void find() {
        films = new Films(directory);
        ffmpeg = Ffmpeg.find(new VideoSettings(
                Optional.empty(), "/usr/bin:/bin", Duration.ofMinutes(2), 4_000_000_000L, 500_000_000));
    }

    @Test
    void makesALadderWhoseRungsChangeAtTheSameTimes() throws IOException {
        List<Double> progress = new ArrayList<>();
        try (Scratch scratch = scratch(films.sound())) {
            Film film = new FilmProbe(ffmpeg).look(scratch);
            List<HlsCheck.Found> rungs = ladder(scratch, film, SIZES, progress);

            assertThat(rungs).extracting(HlsCheck.Found::height).containsExactly(180, 360);
            assertThat(rungs.get(0).starts()).containsExactly(0.0, 6.0, 12.0);
            assertThat(rungs.get(0).seconds()).isEqualTo(13.0);
            assertThat(rungs).allMatch(HlsCheck.Found::sound);
            assertThat(progress)
                    .isNotEmpty()
                    .allMatch(share -> share >= 0 && share <= 1)
                    .contains(1.0);
            Path progressive = scratch.directory().resolve("film.mp4");
            String bytes = Files.readString(progressive, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(bytes.indexOf("moov")).as("the index is in front").isBetween(1, bytes.indexOf("mdat"));
            assertThat(bytes).doesNotContain("secret").doesNotContain("52.52").doesNotContain("Lavf");
            assertThat(Films.output(List.of(
                            "/usr/bin/ffprobe",
                            "-v",
                            "error",
                            "-show_entries",
                            "format=duration",
                            "-of",
                            "csv=p=0",
                            progressive.toString())))
                    .startsWith("13.0");
        }
    }

    @Test
    void makesFilmsOfEveryShapeUprightAndNeverLarger() throws IOException {
        assertThat(sizes(films.silent())).containsExactly("240x180 silent");
        assertThat(sizes(films.portrait())).containsExactly("178x320 silent");
        assertThat(sizes(films.rotated())).containsExactly("180x320 silent", "360x640 silent");
        assertThat(sizes(films.odd())).containsExactly("320x180 silent", "640x360 silent");
        assertThat(sizes(films.variable())).containsExactly("320x180 silent", "640x360 silent");
        assertThat(sizes(films.uhd(), 2160)).containsExactly("3840x2160 silent");
        assertThat(sizes(films.silent(), 720)).containsExactly("320x240 silent");
    }

    @Test
    void showsAPictureOfTheFilmUpright() throws IOException {
        for (double at : List.of(0.1, 1.0)) {
            try (Scratch scratch = scratch(films.rotated())) {
                Path poster = new Encoder(ffmpeg).poster(scratch, new FilmProbe(ffmpeg).look(scratch), at);

                var picture = ImageIO.read(poster.toFile());
                assertThat(picture.getWidth()).isEqualTo(360);
                assertThat(picture.getHeight()).isEqualTo(640);
            }
        }
    }

    @Test
    void saysWhyNothingIsMadeOfAFilm() {
        assertRefused(films.hdr(), FilmFault.HDR, "high dynamic range (HDR)");
        assertRefused(films.song(), FilmFault.NO_VIDEO, "no moving picture");
        assertRefused(films.cut(), FilmFault.DAMAGED, "damaged");
        assertRefused(films.cutBehindIndex(), FilmFault.DAMAGED, "it lasts 13.0 s, and ends after");
    }

    @Test
    void findsNothingWhereNothingIsInstalled() {
        assertThatThrownBy(() -> Ffmpeg.find(
                        new VideoSettings(Optional.empty(), directory.toString(), Duration.ofMinutes(2), 1, 1)))
                .isInstanceOfSatisfying(FilmException.class, e -> {
                    assertThat(e.fault()).isEqualTo(FilmFault.UNAVAILABLE);
                    assertThat(e).hasMessageStartingWith("ffmpeg is not installed: install ffmpeg (with libx264)");
                });
    }

    private static void assertRefused(Path film, FilmFault fault, String sentence) {
        try (Scratch scratch = scratch(film)) {
            assertThatThrownBy(
                            () -> ladder(scratch, new FilmProbe(ffmpeg).look(scratch), List.of(360), new ArrayList<>()))
                    .isInstanceOfSatisfying(FilmException.class, e -> {
                        assertThat(e.fault()).isEqualTo(fault);
                        assertThat(e.fault().isLasting()).isTrue();
                        assertThat(e).hasMessageContaining(sentence);
                    });
        }
    }

    private static List<String> sizes(Path source, Integer... sizes) throws IOException {
        try (Scratch scratch = scratch(source)) {
            Film film = new FilmProbe(ffmpeg).look(scratch);
            List<Integer> asked = sizes.length == 0 ? SIZES : List.of(sizes);
            return ladder(scratch, film, asked, new ArrayList<>()).stream()
                    .map(rung -> rung.width() + "x" + rung.height() + (rung.sound() ? " sound" : " silent"))
                    .toList();
        }
    }

    private static List<HlsCheck.Found> ladder(Scratch scratch, Film film, List<Integer> sizes, List<Double> progress)
            throws IOException {
        Path made = Files.createTempDirectory(directory, "hls");
        List<MasterPlaylist.Entry> rungs = new ArrayList<>();
        for (Rung rung : Rung.of(film, sizes)) {
            Rendition rendition = new Encoder(ffmpeg).rendition(scratch, film, rung, progress::add);
            Path target = Files.createDirectory(made.resolve(Integer.toString(rung.size())));
            Files.copy(rendition.playlist(), target.resolve("index.m3u8"));
            for (Path segment : rendition.segments()) {
                Files.copy(segment, target.resolve(segment.getFileName()));
            }
            rungs.add(new MasterPlaylist.Entry(rendition.variant().attributes(), rung.size() + "/index.m3u8"));
        }
        Files.writeString(made.resolve("master.m3u8"), MasterPlaylist.of(rungs));
        return new HlsCheck(name -> read(made.resolve(name)), directory).check("master.m3u8");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Scratch scratch(Path film) {
        Scratch scratch = Scratch.in(directory);
        try {
            Files.copy(film, scratch.source());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scratch;
    }
}
