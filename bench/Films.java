import dev.mediaferry.video.Encoder;
import dev.mediaferry.video.Ffmpeg;
import dev.mediaferry.video.Film;
import dev.mediaferry.video.FilmException;
import dev.mediaferry.video.FilmProbe;
import dev.mediaferry.video.MasterPlaylist;
import dev.mediaferry.video.Rendition;
import dev.mediaferry.video.Rung;
import dev.mediaferry.video.Scratch;
import dev.mediaferry.video.VideoSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IN OUT: makes the ladder of 360 and 720 of every film of IN, as the service does but for the store, one after the other. */
public class Films {

    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[1]);
        Ffmpeg ffmpeg = Ffmpeg.find(new VideoSettings(
                Optional.empty(), System.getenv("PATH"), Duration.ofHours(1), 4_000_000_000L, 4_000_000_000L));
        List<Path> films;
        try (var list = Files.list(Path.of(args[0]))) {
            films = list.sorted().toList();
        }
        long began = System.nanoTime();
        for (Path source : films) {
            String name = source.getFileName().toString().replaceFirst("\\.[^.]*$", "");
            try {
                ladder(ffmpeg, source, Files.createDirectories(out.resolve(name)));
            } catch (FilmException e) {
                System.out.println(name + ": " + e.getMessage());
            }
        }
        System.out.printf(java.util.Locale.ROOT, "job_s=%.3f%n", (System.nanoTime() - began) / 1e9);
    }

    private static void ladder(Ffmpeg ffmpeg, Path source, Path out) throws Exception {
        List<MasterPlaylist.Entry> rungs = new ArrayList<>();
        // Each rung is a job of its own: it reads the film again.
        for (int size : List.of(360, 720)) {
            try (Scratch scratch = Scratch.in(out)) {
                Files.copy(source, scratch.source());
                Film film = new FilmProbe(ffmpeg).look(scratch);
                Optional<Rung> rung = Rung.of(film, List.of(360, 720)).stream()
                        .filter(one -> one.size() == size)
                        .findFirst();
                if (rung.isEmpty()) {
                    continue;
                }
                Rendition made = new Encoder(ffmpeg).rendition(scratch, film, rung.get(), share -> {});
                Path folder = Files.createDirectories(out.resolve(Integer.toString(size)));
                List<Path> files = new ArrayList<>(made.segments());
                files.add(made.playlist());
                files.add(made.film());
                for (Path file : files) {
                    Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
                rungs.add(new MasterPlaylist.Entry(made.variant().attributes(), size + "/" + made.playlist().getFileName()));
            }
        }
        Files.writeString(out.resolve("master.m3u8"), MasterPlaylist.of(rungs));
    }
}
