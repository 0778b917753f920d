package dev.mediaferry.derivatives;

import dev.mediaferry.derivatives.JobResult.Facts;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.video.Encoder;
import dev.mediaferry.video.Ffmpeg;
import dev.mediaferry.video.Film;
import dev.mediaferry.video.FilmException;
import dev.mediaferry.video.FilmFault;
import dev.mediaferry.video.FilmProbe;
import dev.mediaferry.video.FilmTools;
import dev.mediaferry.video.Rung;
import dev.mediaferry.video.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes posters and renditions of films, each from the film itself, in a directory that goes with the job. */
public final class FilmJobs {

    private static final double PERCENT = 100;

    private final DerivativeStore store;
    private final PictureJobs pictures;
    private final RenditionStore renditions;
    private final FilmTools tools;
    private final Progress progress;
    private final Path spool;
    private final Function<String, Optional<Duration>> longest;

    /**
     * @param spool where the directories of jobs lie
     * @param longest a film of a type of media
     */
    public FilmJobs(
            DerivativeStore store,
            PictureJobs pictures,
            RenditionStore renditions,
            FilmTools tools,
            Progress progress,
            Path spool,
            Function<String, Optional<Duration>> longest) {
        this.store = store;
        this.pictures = pictures;
        this.renditions = renditions;
        this.tools = tools;
        this.progress = progress;
        this.spool = spool;
        this.longest = longest;
    }

    /** What becomes of a film that was looked at. */
    @FunctionalInterface
    private interface Work {

        JobResult on(Ffmpeg ffmpeg, Scratch scratch, Film film) throws IOException, NotCompressible;
    }

    /** @throws TransferException when it has no poster, now or at all */
    public JobResult poster(Assignment work) {
        List<Slot> wanted = posterSlots(work).stream().filter(work::wants).toList();
        if (wanted.isEmpty() || work.derivation().poster().isEmpty()) {
            return JobResult.done(work.job(), Facts.NONE, List.of());
        }
        double at = work.derivation().poster().getAsInt() / PERCENT;
        return withFilm(
                work,
                wanted,
                (ffmpeg, scratch, film) -> JobResult.done(
                        work.job(),
                        facts(film),
                        pictures.rendered(
                                work,
                                "png",
                                Files.readAllBytes(new Encoder(ffmpeg).poster(scratch, film, at)),
                                wanted)));
    }

    /** @throws TransferException when it cannot be made in this size, now or at all */
    public JobResult rendition(Assignment work) {
        int size = Integer.parseInt(work.job().part());
        List<Slot> wanted =
                RenditionStore.slots(work, size).stream().filter(work::wants).toList();
        Facts facts = Facts.NONE;
        if (!wanted.isEmpty() && work.derivation().renditions().contains(size)) {
            JobResult made = withFilm(work, wanted, (ffmpeg, scratch, film) -> made(work, size, ffmpeg, scratch, film));
            if (made.outputs().stream().anyMatch(output -> output.state() != Derivative.State.READY)) {
                return made;
            }
            facts = made.facts();
        }
        renditions.rewriteMaster(work);
        return JobResult.done(work.job(), facts, List.of());
    }

    private JobResult made(Assignment work, int size, Ffmpeg ffmpeg, Scratch scratch, Film film) {
        Optional<Rung> rung = Rung.of(film, work.derivation().renditions()).stream()
                .filter(one -> one.size() == size)
                .findFirst();
        if (rung.isPresent()) {
            renditions.keep(
                    work,
                    rung.get(),
                    new Encoder(ffmpeg).rendition(scratch, film, rung.get(), share -> note(work.job(), share)));
        } else {
            renditions.forget(work, size);
        }
        return JobResult.done(work.job(), facts(film), List.of());
    }

    private void note(Job job, double share) {
        if (!progress.of(job, share)) {
            throw new TransferException(FailureKind.INTERRUPTED, "nobody wants what this job makes any more");
        }
    }

    private JobResult withFilm(Assignment work, List<Slot> wanted, Work on) {
        try (Scratch scratch = Scratch.in(spool)) {
            Ffmpeg ffmpeg = tools.ffmpeg();
            store.read(work, tools.scratch(), (in, length) -> scratch.write(in));
            Film film = new FilmProbe(ffmpeg).look(scratch);
            refuseLong(work, film);
            return on.on(ffmpeg, scratch, film);
        } catch (FilmException e) {
            if (e.fault() == FilmFault.UNAVAILABLE) {
                return PictureJobs.unavailable(work, wanted, e.getMessage());
            }
            throw FilmFaults.failure(e);
        } catch (NotCompressible e) {
            throw PictureJobs.failure(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuseLong(Assignment work, Film film) {
        Optional.ofNullable(work.job().mediaType()).flatMap(longest).ifPresent(most -> {
            if (film.duration().compareTo(most) > 0) {
                throw new FilmException(
                        FilmFault.TOO_LONG,
                        "the film lasts " + film.duration().toMillis() / 1000.0 + " s, "
                                + work.job().mediaType() + " takes at most " + most.toMillis() / 1000.0 + " s");
            }
        });
    }

    private static List<Slot> posterSlots(Assignment work) {
        List<Slot> slots = new ArrayList<>();
        slots.add(
                new Slot(Slot.Kind.POSTER, 0, work.derivation().formats().get(0).label()));
        PictureJobs.slots(work.derivation()).stream()
                .filter(slot -> slot.kind() == Slot.Kind.THUMBNAIL)
                .forEach(slots::add);
        return slots;
    }

    private static Facts facts(Film film) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("codec", film.codec());
        metadata.put("frameRate", Math.round(film.frameRate().perSecond() * 1000) / 1000.0);
        metadata.put("rotation", film.rotation());
        if (film.bitrate() > 0) {
            metadata.put("bitrate", film.bitrate());
        }
        film.sound().ifPresent(sound -> metadata.put("audioCodec", sound.codec()));
        return new Facts(metadata, film.width(), film.height(), film.duration().toMillis() / 1000.0);
    }
}
