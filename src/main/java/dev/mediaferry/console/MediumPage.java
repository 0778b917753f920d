package dev.mediaferry.console;

import dev.mediaferry.content.MediaType;
import dev.mediaferry.derivatives.Derivations;
import dev.mediaferry.derivatives.Derivative;
import dev.mediaferry.derivatives.DerivativeLedger;
import dev.mediaferry.derivatives.DerivativeLedger.Made;
import dev.mediaferry.derivatives.DeriveOptions;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.StoredPictures;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaState;
import dev.mediaferry.uploads.Medium;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One medium: its picture or film, what is made of it, and what happened to it. */
final class MediumPage {

    private static final int LARGEST_PICTURE = 10_000_000;

    /** What a player gets at a time; it asks for more. */
    private static final int PART = 2_000_000;

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

    /** Films that a browser plays. */
    private static final List<String> PLAYED = List.of("video/mp4", "video/webm");

    private static final String ORIGINAL = "original";

    private final MediaLedger media;
    private final DerivativeLedger derivatives;
    private final Derivations derivations;
    private final StoredPictures pictures;
    private final Acts acts;

    /**
     * Something that a player can play.
     *
     * @param size as its address names it
     */
    public record Film(String size, String type) {}

    MediumPage(Operations operations, Acts acts) {
        this.media = operations.media();
        this.derivatives = new DerivativeLedger(operations.database());
        this.derivations = operations.derivations();
        this.pictures = operations.pictures();
        this.acts = acts;
    }

    Answer show(Asked asked) {
        Optional<Medium> found = medium(asked);
        if (found.isEmpty()) {
            return new Answer.Missing("medium");
        }
        Medium medium = found.get();
        Made made = derivatives.of(object(medium));
        Map<String, Object> model = new HashMap<>();
        model.put("medium", medium);
        model.put("events", media.events(medium.id()));
        model.put("made", made.derivatives());
        model.put("jobs", made.jobs());
        model.put("failed", made.jobs().stream().anyMatch(job -> job.state().equals("dead")));
        model.put("drawn", isThere(medium) && isDrawn(medium.mimeType(), medium.fileSize()));
        model.put("films", films(medium, made));
        model.put("poster", poster(made).isPresent());
        return new Answer.Page("medium", model);
    }

    /** Its poster, or the picture itself. */
    Answer picture(Asked asked) {
        Optional<Medium> medium = medium(asked).filter(MediumPage::isThere);
        Optional<Derivative> poster = medium.flatMap(one -> poster(derivatives.of(object(one))));
        if (poster.isPresent()) {
            return drawn(
                    poster.get().bucket(),
                    poster.get().storageKey(),
                    poster.get().contentType());
        }
        return medium.filter(one -> isDrawn(one.mimeType(), one.fileSize()))
                .map(one -> drawn(one.bucket(), one.storageKey(), one.mimeType()))
                .orElse(new Answer.Missing("picture"));
    }

    private Answer drawn(String bucket, String key, String type) {
        return pictures.read(new ObjectName(bucket, key), LARGEST_PICTURE)
                .<Answer>map(bytes -> new Answer.Picture(type, bytes))
                .orElse(new Answer.Missing("picture"));
    }

    /** Some of a film; what is asked for without a range is no player's. */
    Answer film(Asked asked) {
        Matcher range = RANGE.matcher(String.valueOf(asked.range()));
        Optional<Medium> medium = medium(asked).filter(MediumPage::isThere);
        if (!range.matches() || medium.isEmpty()) {
            return new Answer.Missing("film");
        }
        long first = Long.parseLong(range.group(1));
        long asks = range.group(2).isEmpty() ? PART : Long.parseLong(range.group(2)) - first + 1;
        if (asks < 1) {
            return new Answer.Missing("film");
        }
        Made made = derivatives.of(object(medium.get()));
        String size = asked.path().getOrDefault("size", "");
        return films(medium.get(), made).stream()
                .filter(film -> film.size().equals(size))
                .findFirst()
                .flatMap(film -> pictures.part(key(medium.get(), made, size), first, (int) Math.min(PART, asks))
                        .<Answer>map(part -> new Answer.Part(film.type(), part.bytes(), part.first(), part.total())))
                .orElse(new Answer.Missing("film"));
    }

    private static ObjectName key(Medium medium, Made made, String size) {
        return renditions(made).stream()
                .filter(one -> Integer.toString(one.size()).equals(size))
                .findFirst()
                .map(one -> new ObjectName(one.bucket(), one.storageKey()))
                .orElse(object(medium));
    }

    /** Has what was given up made again, or what is missing made. */
    Answer derive(Asked asked) {
        UUID id =
                medium(asked).map(Medium::id).orElseThrow(() -> new ConfigurationException("there is no such medium"));
        DeriveOptions.Mode mode =
                switch (asked.form("wish").orElse("")) {
                    case "failed" -> DeriveOptions.Mode.FAILED;
                    case "missing" -> DeriveOptions.Mode.MISSING;
                    default -> throw new ConfigurationException("say failed or missing");
                };
        DeriveOptions options = new DeriveOptions(Optional.of(id), Optional.empty(), mode, false, false);
        Map<String, Object> unused = acts.now(
                asked.visitor(),
                "derive-media",
                Map.of("medium", id.toString(), "which", mode.name().toLowerCase(Locale.ROOT)),
                () -> Map.of("asked", derivations.ask(options, UUID.randomUUID())));
        return new Answer.Redirect(Console.ROOT + "/media/" + id);
    }

    private Optional<Medium> medium(Asked asked) {
        return MediaPages.id(asked.path().getOrDefault("id", "")).flatMap(media::find);
    }

    private static ObjectName object(Medium medium) {
        return new ObjectName(medium.bucket(), medium.storageKey());
    }

    private static boolean isThere(Medium medium) {
        return medium.status() != MediaState.PENDING;
    }

    private static boolean isDrawn(String type, Long bytes) {
        return MediaType.isDrawn(type) && bytes != null && bytes <= LARGEST_PICTURE;
    }

    private static List<Film> films(Medium medium, Made made) {
        List<Film> films = renditions(made).stream()
                .map(one -> new Film(Integer.toString(one.size()), one.contentType()))
                .toList();
        return films.isEmpty() && isThere(medium) && PLAYED.contains(String.valueOf(medium.mimeType()))
                ? List.of(new Film(ORIGINAL, medium.mimeType()))
                : films;
    }

    private static List<Derivative> renditions(Made made) {
        return made.derivatives().stream()
                .filter(one -> one.storageKey() != null && PLAYED.contains(String.valueOf(one.contentType())))
                .toList();
    }

    private static Optional<Derivative> poster(Made made) {
        return made.derivatives().stream()
                .filter(one -> one.kind().equals("poster")
                        && one.storageKey() != null
                        && isDrawn(one.contentType(), one.bytes()))
                .findFirst();
    }
}
