package dev.mediaferry.imports;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.registry.Import;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The import directory: what was dropped there is complete, is unpacked, and is put away with its report. */
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** Inside of a folder, or after a dot at the end of its name beside it: it is complete. */
    static final String MARK = "complete";

    private final ImportSettings settings;
    private final Path unpacked;
    private final List<Import> imports;
    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final Map<Path, Look> looks = new HashMap<>();

    /** How a folder looked, and since when. */
    private record Look(long files, long bytes, long modified, Instant since) {

        boolean same(Look other) {
            return files == other.files && bytes == other.bytes && modified == other.modified;
        }
    }

    /** @param home that archives are unpacked below */
    public Inbox(ImportSettings settings, Path home, List<Import> imports) {
        this.settings = settings;
        this.unpacked = home.resolve("unpacked");
        this.imports = imports;
    }

    /** @return folders that nothing has changed in for a while, or that are marked as complete */
    public List<InboxItem> folders() {
        List<InboxItem> complete = new ArrayList<>();
        Map<Path, Look> seen = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                settings.directory().orElseThrow(),
                entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        && !entry.getFileName().toString().startsWith("."))) {
            for (Path folder : entries) {
                Look look = look(folder);
                Look before = looks.get(folder);
                Look since = before != null && before.same(look) ? before : look;
                seen.put(folder, since);
                boolean stable = Duration.between(since.since(), Instant.now()).compareTo(settings.stable()) >= 0;
                if (isMarked(folder) || (stable && look.files() > 0)) {
                    complete.add(new InboxItem(folder));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read mediaferry.import.dir", e);
        }
        looks.clear();
        looks.putAll(seen);
        return complete;
    }

    public InboxItem archive(String path) {
        return new InboxItem(Path.of(path));
    }

    /**
     * @return how the drop is to be imported
     * @throws DropRefusedException when it is an archive that is not unpacked
     */
    public ImportOptions open(InboxItem drop) throws IOException {
        Path folder = Files.isDirectory(drop.path()) ? drop.path() : unpack(drop);
        return new ImportOptions(
                folder.toAbsolutePath().normalize(),
                named(drop),
                Optional.empty(),
                false,
                OptionalLong.empty(),
                Optional.empty());
    }

    /** Puts the drop away; but one whose run was stopped before it was done stays, and is gone on with later. */
    public void finish(InboxItem drop, ImportReport report) throws IOException {
        if (report.interrupted()) {
            LOG.info("{}: stopped before the end, it is gone on with later", drop.name());
            return;
        }
        putAway(drop, report.complete() ? ".done" : ".failed", report, ImportSummary.of(report));
        LOG.info(
                "{}: {} of {} files imported, {} failed",
                drop.name(),
                report.migrated(),
                report.migratable(),
                report.failed() + report.waiting() + report.left());
    }

    /** Puts a drop away that could not be imported at all. */
    public void refuse(InboxItem drop, Throwable cause) throws IOException {
        String error = String.valueOf(cause.getMessage());
        putAway(drop, ".failed", Map.of("error", error), "Refused: " + error);
        LOG.warn("{} is refused: {}", drop.name(), cause.getMessage());
    }

    private void putAway(InboxItem drop, String where, Object report, String text) throws IOException {
        delete(unpacked.resolve(drop.name()));
        Files.deleteIfExists(drop.path().resolveSibling(drop.name() + "." + MARK));
        Path directory = Files.createDirectories(drop.path().resolveSibling(where));
        String name = drop.name();
        for (int i = 2; Files.exists(directory.resolve(name)); i++) {
            name = drop.name() + "-" + i;
        }
        json.writeValue(directory.resolve(name + ".report.json").toFile(), report);
        Files.writeString(directory.resolve(name + ".report.txt"), text + System.lineSeparator());
        Files.move(drop.path(), directory.resolve(name));
    }

    private Path unpack(InboxItem drop) throws IOException {
        Path into = unpacked.resolve(drop.name());
        delete(into);
        Files.createDirectories(into);
        try {
            new PackedBackup(drop.path(), into, settings).unpack();
        } catch (DropRefusedException e) {
            delete(into);
            throw e;
        }
        return into;
    }

    /** @return the import whose name the drop carries: salon-backup.zip, salon-backup-2026-01 */
    private Optional<String> named(InboxItem drop) {
        return imports.stream()
                .map(Import::name)
                .filter(name -> drop.name().matches(Pattern.quote(name) + "([-_.].*)?"))
                .max(Comparator.comparing(String::length));
    }

    private static boolean isMarked(Path folder) {
        return Files.exists(folder.resolve("." + MARK))
                || Files.exists(folder.resolveSibling(folder.getFileName() + "." + MARK));
    }

    private static Look look(Path folder) {
        long[] sums = new long[3];
        try (FolderScan files = new FolderScan(folder)) {
            while (files.hasNext()) {
                FoundFile file = files.next();
                sums[0]++;
                sums[1] += file.bytes();
                sums[2] = Math.max(sums[2], file.file().toFile().lastModified());
            }
        }
        return new Look(sums[0], sums[1], sums[2], Instant.now());
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
