package dev.mediaferry.archive;

import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the files of a cache: by the path that the table has, else as {@code {images|videos|documents}/{md5}.{ext}}, else
 * as any {@code {md5}.*} there. Tables are hostile: a path that leads out of the cache is as good as none.
 */
public final class CacheFiles {

    private static final List<String> FOLDERS = List.of("images", "videos", "documents");

    private static final int MD5_LENGTH = 32;

    private final Path dir;
    private final List<Path> roots;

    /**
     * What a row says of its file.
     *
     * @param md5 becomes lower case
     * @param path null when it has none
     * @param mime null when it has none
     * @param type like image; null when it has none
     */
    public record Wanted(String md5, String path, String mime, String type) {

        public Wanted {
            md5 = md5.toLowerCase(Locale.ROOT);
        }
    }

    /** @param dir absolute; need not be there */
    public CacheFiles(Path dir) {
        this.dir = dir;
        List<Path> names = new ArrayList<>(List.of(dir));
        try {
            names.add(dir.toRealPath());
        } catch (IOException e) {
            // Not there: nothing will be found in it.
        }
        this.roots = names.stream().distinct().toList();
    }

    /**
     * Looks into each folder at most once, however many are wanted.
     *
     * @return for each the path below the cache; null for what is nowhere
     */
    public List<String> find(List<Wanted> wanted) {
        List<String> found = new ArrayList<>();
        Map<String, List<Integer>> missing = new HashMap<>();
        wanted.parallelStream()
                .map(file -> stored(file.path()).or(() -> named(file)))
                .forEachOrdered(path -> found.add(path.orElse(null)));
        for (int i = 0; i < wanted.size(); i++) {
            if (found.get(i) == null) {
                missing.computeIfAbsent(wanted.get(i).md5(), md5 -> new ArrayList<>())
                        .add(i);
            }
        }
        if (!missing.isEmpty()) {
            Map<String, String> anywhere = new HashMap<>();
            each((md5, name) -> {
                if (missing.containsKey(md5)) {
                    anywhere.merge(md5, name, (one, other) -> one.compareTo(other) <= 0 ? one : other);
                }
            });
            anywhere.forEach((md5, name) -> missing.get(md5).forEach(index -> found.set(index, name)));
        }
        return found;
    }

    /**
     * @param names of {@link #find}
     * @return for each the extension that fits the bytes of the file; empty when they are not known
     */
    public List<Optional<String>> extensions(List<String> names) {
        return names.parallelStream()
                .map(name -> name == null ? Optional.<String>empty() : extension(name))
                .toList();
    }

    private Optional<String> extension(String name) {
        try {
            return MediaType.of(LocalFiles.head(dir.resolve(name), MediaType.HEAD_LENGTH))
                    .map(MediaType::extension);
        } catch (IOException e) {
            // The transfer that moves it says why.
            return Optional.empty();
        }
    }

    /** @return where a file is to be put so that it is found; for what is nowhere */
    public static String expected(Wanted wanted) {
        return folder(wanted) + "/" + wanted.md5() + "."
                + MediaType.extensionOf(wanted.mime()).orElse("bin");
    }

    /** @return where {@link #find} looks for a file, for a person */
    List<String> places(Wanted wanted) {
        List<String> places = new ArrayList<>();
        if (wanted.path() != null && !wanted.path().isBlank()) {
            places.add(wanted.path() + (leadsOut(wanted.path()) ? " (which leads out of the cache)" : ""));
        }
        if (MediaType.extensionOf(wanted.mime()).isPresent()) {
            places.add(expected(wanted));
        }
        places.add(wanted.md5() + ".* in " + String.join(", ", FOLDERS) + " and " + dir);
        return places;
    }

    private boolean leadsOut(String text) {
        try {
            Path path = Path.of(text);
            return roots.stream()
                    .noneMatch(root -> root.resolve(path).normalize().startsWith(root)
                            || (root.getParent() != null
                                    && root.getParent()
                                            .resolve(path)
                                            .normalize()
                                            .startsWith(root)));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Told of each file that is named by an MD5: the MD5 in lower case, and the path below the cache. */
    @FunctionalInterface
    public interface Visitor {
        void file(String md5, String name);
    }

    /** Goes through the folders, and the cache itself, in no order. */
    public void each(Visitor visitor) {
        list("", visitor);
        FOLDERS.forEach(folder -> list(folder + "/", visitor));
    }

    /** Goes through everything below the cache, following no link; the MD5 is null where the name has none. */
    public void all(Visitor visitor) {
        if (!Files.isDirectory(dir)) {
            return;
        }
        try (Stream<Path> files = Files.walk(dir)) {
            files.filter(CacheFiles::isFile)
                    .forEach(file -> visitor.file(
                            md5(file.getFileName().toString()).orElse(null),
                            dir.relativize(file).toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + dir, e);
        }
    }

    private void list(String folder, Visitor visitor) {
        Path directory = folder.isEmpty() ? dir : dir.resolve(folder);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Optional<String> md5 = md5(name);
                if (md5.isPresent() && isFile(file)) {
                    visitor.file(md5.get(), folder + name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static Optional<String> md5(String name) {
        boolean named = name.length() > MD5_LENGTH
                && name.charAt(MD5_LENGTH) == '.'
                && name.chars().limit(MD5_LENGTH).allMatch(c -> Character.digit(c, 16) >= 0);
        return named ? Optional.of(name.substring(0, MD5_LENGTH).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /**
     * The path may count from the cache, from the directory that the cache is in, or from the root of the machine.
     *
     * @param text of a row, or null
     */
    Optional<String> stored(String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        // Databases and disks write accents as one character or as two.
        return Stream.of(
                        text,
                        Normalizer.normalize(text, Normalizer.Form.NFC),
                        Normalizer.normalize(text, Normalizer.Form.NFD))
                .distinct()
                .map(this::spelled)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> spelled(String text) {
        try {
            Path path = Path.of(text);
            for (Path root : roots) {
                Optional<String> inside = below(root, root.resolve(path));
                if (inside.isPresent()) {
                    return inside;
                }
                if (root.getParent() != null && !path.isAbsolute()) {
                    inside = below(root, root.getParent().resolve(path));
                    if (inside.isPresent()) {
                        return inside;
                    }
                }
            }
        } catch (InvalidPathException e) {
            // No file has such a name.
        }
        return Optional.empty();
    }

    private static Optional<String> below(Path root, Path candidate) {
        Path file = candidate.normalize();
        return file.startsWith(root) && !file.equals(root) && isFile(file)
                ? Optional.of(root.relativize(file).toString())
                : Optional.empty();
    }

    private Optional<String> named(Wanted wanted) {
        String stem = folder(wanted) + "/" + wanted.md5() + ".";
        return MediaType.extensionOf(wanted.mime())
                .map(extension -> stem + extension)
                .filter(name -> isFile(dir.resolve(name)));
    }

    private static String folder(Wanted wanted) {
        String kind = ((wanted.type() == null ? "" : wanted.type()) + " "
                        + (wanted.mime() == null ? "" : wanted.mime()))
                .toLowerCase(Locale.ROOT);
        return kind.contains("image") || kind.contains("photo")
                ? "images"
                : kind.contains("video") ? "videos" : "documents";
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
