package dev.mediaferry.imports;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.mediaferry.settings.Sizes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where on this machine an import needs room.
 *
 * @param objects directory of the embedded store; empty for a store elsewhere, which S3 has no words to ask for its room
 * @param spool directory of compressed pictures on their way
 * @param atOnce pictures on their way at the same time, at most
 */
public record Disks(Optional<Path> objects, Path spool, int atOnce) {

    /**
     * What lies in one place.
     *
     * @param directory null in a store elsewhere
     * @param needed bytes, at most: as if compression saved nothing
     * @param free bytes on the disk of the directory, null when not told by the store
     */
    @JsonPropertyOrder({"of", "needed", "free", "directory"})
    public record Room(String of, long needed, Long free, String directory) {

        @Override
        public String toString() {
            return of + " need up to " + Sizes.text(needed) + "; free: "
                    + (free == null ? "not told by the store" : Sizes.text(free) + " in " + directory);
        }
    }

    /** @param blockers for a person, one per disk that is too small */
    record Look(List<Room> rooms, List<String> blockers) {}

    /**
     * @param objectBytes of all files to be stored
     * @param partBytes of those that are stored in parts together: the embedded store keeps the parts until it has put them
     *     together
     * @param spoolBytes of those that may lie in the spool directory together
     */
    Look look(long objectBytes, long partBytes, long spoolBytes) {
        List<Room> rooms = new ArrayList<>();
        Map<FileStore, Long> needed = new HashMap<>();
        List<String> blockers = new ArrayList<>();
        rooms.add(objects.map(directory -> room("objects", objectBytes + partBytes, directory, needed, blockers))
                .orElseGet(() -> new Room("objects", objectBytes, null, null)));
        rooms.add(room("temporary files", spoolBytes, spool, needed, blockers));
        return new Look(rooms, blockers);
    }

    /** @param needed so far; places on one disk share its room */
    private static Room room(
            String of, long bytes, Path directory, Map<FileStore, Long> needed, List<String> blockers) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            FileStore disk = Files.getFileStore(existing);
            long free = disk.getUsableSpace();
            long before = needed.getOrDefault(disk, 0L);
            needed.put(disk, before + bytes);
            if (bytes > 0 && before <= free && before + bytes > free) {
                blockers.add("no room for the " + of + " in " + directory + ": up to " + Sizes.text(bytes) + " needed"
                        + (before == 0 ? "" : ", and " + Sizes.text(before) + " for the objects") + ", "
                        + Sizes.text(free) + " free");
            }
            return new Room(of, bytes, free, directory.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the free space of " + directory, e);
        }
    }
}
