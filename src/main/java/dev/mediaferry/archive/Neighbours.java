package dev.mediaferry.archive;

import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.entry.ArchiveTable;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.RecordMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The archives of the registry whose caches share files: what is safe for one of them, another may still need. */
final class Neighbours {

    private final JdbcClient sql;
    private final List<Neighbour> all;

    private record Neighbour(ArchiveTable table, CacheFiles cache) {

        /** @return where a file that a row has by its path really lies */
        Optional<Path> at(String path) {
            return cache.stored(path).flatMap(name -> {
                try {
                    return Optional.of(LocalFiles.inside(table.archive().dir(), name));
                } catch (TransferException e) {
                    // Not below the cache, where nothing is deleted.
                    return Optional.empty();
                }
            });
        }
    }

    /**
     * A row that has to do with a file.
     *
     * @param md5 becomes lower case
     * @param target null while it is not archived
     */
    record UserRow(String md5, String path, String target) {

        UserRow {
            md5 = md5.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the rows of all these archives say of one file.
     *
     * @param needed true when a row waits for it: it is not archived yet, or could not be
     * @param targets what archived rows lead to instead
     */
    record Use(boolean needed, Set<String> targets) {

        static final Use NONE = new Use(false, Set.of());

        private Use and(String target) {
            Set<String> both = new HashSet<>(targets);
            if (target != null) {
                both.add(target);
            }
            return new Use(needed || target == null, Set.copyOf(both));
        }
    }

    /** @param archives of the registry; those whose directory is that of the table, in it, or around it, are asked */
    Neighbours(JdbcClient sql, List<ArchiveTable> archives, ArchiveTable table) {
        this.sql = sql;
        Path here = real(table.archive().dir());
        this.all = archives.stream()
                .filter(other -> {
                    Path there = real(other.archive().dir());
                    return there.startsWith(here) || here.startsWith(there);
                })
                .map(other ->
                        new Neighbour(other, new CacheFiles(other.archive().dir())))
                .toList();
    }

    private static Path real(Path dir) {
        try {
            return dir.toRealPath();
        } catch (IOException e) {
            // Not there, so nothing lies in it.
            return dir.toAbsolutePath().normalize();
        }
    }

    /**
     * Finds the rows by the MD5, which names files, and by the path that they have, whatever MD5 they expect there.
     *
     * @param files where they really lie, with their MD5 in lower case
     * @return for each what it is still of use for
     */
    Map<Path, Use> uses(Map<Path, String> files) {
        Map<String, Set<Path>> byMd5 = new HashMap<>();
        files.forEach((file, md5) ->
                byMd5.computeIfAbsent(md5, key -> new HashSet<>()).add(file));
        Map<Path, Use> uses = new HashMap<>();
        files.keySet().forEach(file -> uses.put(file, Use.NONE));
        for (Neighbour neighbour : all) {
            for (UserRow row : rows(neighbour.table(), files)) {
                byMd5.getOrDefault(row.md5(), Set.of())
                        .forEach(file -> uses.computeIfPresent(file, (path, use) -> use.and(row.target())));
                if (row.target() == null) {
                    neighbour
                            .at(row.path())
                            .ifPresent(file -> uses.computeIfPresent(file, (path, use) -> use.and(null)));
                }
            }
        }
        return uses;
    }

    private List<UserRow> rows(ArchiveTable table, Map<Path, String> files) {
        return sql.sql(table.queries().usersSql().replace(":#", ":"))
                .param("md5s", files.values().stream().distinct().toArray(String[]::new))
                .param(
                        "names",
                        files.keySet().stream()
                                .map(file -> file.getFileName().toString())
                                .distinct()
                                .toArray(String[]::new))
                .query(new RecordMapper<>(UserRow.class))
                .list();
    }
}
