package dev.mediaferry.console;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.imports.ImportSettings;
import dev.mediaferry.registry.Import;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.settings.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Backups of other systems: what lies in the inbox, what was taken in, and the reports. */
final class ImportPages {

    private static final int RUNS = 200;
    private static final int MOST_SHOWN = 50;

    /** The act that looks at a backup. */
    static final String PLAN = "plan-import";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Operations operations;
    private final Acts acts;
    private final Registry registry;
    private final Optional<Path> inbox;
    private final RunList runs;

    /**
     * Something in the inbox.
     *
     * @param name as it is shown
     * @param bytes null for a folder
     */
    public record Drop(Path path, String name, Instant changed, Long bytes) {}

    ImportPages(Operations operations, Acts acts, RunList runs) {
        this.operations = operations;
        this.acts = acts;
        this.registry = operations.registry();
        this.inbox = ImportSettings.of(operations.settings()).directory();
        this.runs = runs;
    }

    Answer show() {
        Map<String, Object> model = new HashMap<>();
        model.put("imports", registry.imports().stream().map(Import::name).toList());
        inbox.ifPresent(directory -> {
            model.put("inbox", directory.toString());
            model.put("waiting", drops(directory));
            model.put("failed", drops(directory.resolve(".failed")));
            model.put("done", drops(directory.resolve(".done")));
        });
        model.put(
                "runs",
                runs.newest(Long.MAX_VALUE, RUNS).stream()
                        .filter(run -> run.kind().equals("import"))
                        .limit(MOST_SHOWN)
                        .toList());
        return new Answer.Page("imports", model);
    }

    /** Looks at a folder of the inbox, one that has failed included; none of it is changed. */
    Answer plan(Asked asked) {
        String name = asked.form("drop").orElse("");
        Path folder = inbox.stream()
                .flatMap(directory -> Stream.of(directory, directory.resolve(".failed")))
                .flatMap(directory -> drops(directory).stream())
                .filter(drop -> drop.bytes() == null && drop.name().equals(name))
                .map(Drop::path)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no such folder in the inbox"));
        ImportOptions options = new ImportOptions(
                folder, Optional.empty(), Optional.empty(), true, OptionalLong.empty(), Optional.empty());
        return acts.later(asked.visitor(), PLAN, Map.of("folder", folder.toString()), progress -> operations
                .planImport()
                .apply(options));
    }

    /** @param document as the audit log keeps it */
    static ImportReport report(JsonNode document) {
        return JSON.convertValue(document, ImportReport.class);
    }

    private static List<Drop> drops(Path directory) {
        List<Drop> drops = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return drops;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(".")) {
                    drop(file).ifPresent(drops::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException(e.getCause());
        }
        return drops.stream()
                .sorted(Comparator.comparing(Drop::changed).reversed())
                .limit(MOST_SHOWN)
                .toList();
    }

    /** @return empty for what is gone by now, and for what is neither file nor folder, as a link, which nobody follows */
    private static Optional<Drop> drop(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return is.isDirectory() || is.isRegularFile()
                    ? Optional.of(new Drop(
                            file,
                            Shown.text(file.getFileName().toString()),
                            is.lastModifiedTime().toInstant(),
                            is.isRegularFile() ? is.size() : null))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
