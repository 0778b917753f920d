package dev.mediaferry.imports;

import dev.mediaferry.registry.Import;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where in a folder the backup begins: people pack and drop the folder that it is in, not what is in it. */
final class Wrapping {

    /** Files that a folder is judged by. */
    private static final int SAMPLE = 1000;

    private static final int DEEPEST = 8;

    private Wrapping() {}

    /**
     * @return the folder; or, when no file of it fits any pattern as it lies there, the one folder in it, or in that, whose files
     *     do
     */
    static Path root(Path folder, List<Import> imports) {
        Optional<Path> root = Optional.of(folder);
        for (int depth = 0; depth < DEEPEST && root.isPresent(); depth++) {
            if (fitting(root.get(), imports).isPresent()) {
                return root.get();
            }
            root = only(root.get());
        }
        return folder;
    }

    /** @return the import whose patterns fit most of the first files */
    static Optional<Import> fitting(Path root, List<Import> imports) {
        Map<Import, Integer> fits = new LinkedHashMap<>();
        try (FolderScan files = new FolderScan(root)) {
            for (int i = 0; i < SAMPLE && files.hasNext(); i++) {
                String path = files.next().path();
                imports.stream()
                        .filter(one -> one.categories().stream()
                                .anyMatch(
                                        category -> category.path().match(path).isPresent()))
                        .forEach(one -> fits.merge(one, 1, Integer::sum));
            }
        }
        return fits.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private static Optional<Path> only(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                folder, entry -> !isBeside(entry.getFileName().toString()))) {
            for (Path entry : entries) {
                found.add(entry);
                if (found.size() > 1) {
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            // The scan says why it cannot be read.
            return Optional.empty();
        }
        return found.stream()
                .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    private static boolean isBeside(String name) {
        return FinderFiles.is(name) || name.equals("." + Inbox.MARK);
    }
}
