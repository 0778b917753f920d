package dev.mediaferry.run;

import dev.mediaferry.settings.Settings;
import dev.mediaferry.settings.Sizes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether the disks that this process writes to have the room that must stay free: below {@code mediaferry.home} lie the embedded
 * servers and the files of large media on their way.
 */
public final class FreeRoom {

    private static final long LOOK_AGAIN = Duration.ofSeconds(1).toNanos();

    private final List<Path> places;
    private final long least;
    private Optional<String> lack = Optional.empty();
    private long looked = System.nanoTime() - LOOK_AGAIN;

    /**
     * @param places that are there
     * @param least bytes that stay free; 0 for none
     */
    FreeRoom(List<Path> places, long least) {
        this.places = List.copyOf(places);
        this.least = least;
    }

    /** @param spool directory of media on their way, which may be on a disk of its own */
    public static FreeRoom of(Settings settings, Path spool) {
        boolean none = settings.text("home.min-free").strip().equals("0");
        return new FreeRoom(List.of(settings.path("home"), spool), none ? 0 : settings.bytes("home.min-free"));
    }

    /** @return why no more may be begun, for a person; as it was a second ago at most */
    synchronized Optional<String> lack() {
        if (least > 0 && System.nanoTime() - looked >= LOOK_AGAIN) {
            looked = System.nanoTime();
            lack = places.stream()
                    .filter(place -> free(place) < least)
                    .findFirst()
                    .map(this::sentence);
        }
        return lack;
    }

    private String sentence(Path place) {
        return "only " + Sizes.text(free(place)) + " are free on the disk of " + place
                + ", and mediaferry.home.min-free keeps " + Sizes.text(least)
                + ": nothing more is begun, the rest waits for a later run; make room, or lower the setting";
    }

    private static long free(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the free space of " + place, e);
        }
    }
}
