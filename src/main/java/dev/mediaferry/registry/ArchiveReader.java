package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.content.MediaKind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the archives of a registry that fits its schema. */
final class ArchiveReader {

    private static final Set<String> COMMANDS = Set.of("status", "clean", "help");

    private final Surroundings around;

    ArchiveReader(Surroundings around) {
        this.around = around;
    }

    List<Archive> read(JsonNode nodes) {
        List<Archive> archives = new ArrayList<>();
        Set<String> titles = new HashSet<>();
        int index = 0;
        for (JsonNode node : nodes) {
            String pointer = "/archives/" + index++;
            String title = node.path("name").asText();
            if (!titles.add(title)) {
                around.problem(pointer + "/name", "there is an archive " + title + " already");
            }
            if (COMMANDS.contains(title)) {
                around.problem(pointer + "/name", "an archive cannot be called " + title + ", like a command");
            }
            archive(node, pointer, title).ifPresent(archives::add);
        }
        return archives;
    }

    private Optional<Archive> archive(JsonNode node, String pointer, String title) {
        String table = node.path("table").asText();
        int dot = table.indexOf('.');
        try {
            ArchiveKey key = new ArchiveKey(node.path("key").asText(ArchiveKey.DEFAULT));
            return Optional.of(new Archive(
                    around.line(pointer),
                    title,
                    dot < 0 ? null : table.substring(0, dot),
                    table.substring(dot + 1),
                    node.path("id").asText("id"),
                    columns(node),
                    Path.of(node.path("dir").asText()).toAbsolutePath().normalize(),
                    key,
                    !node.path("form").asText("s3").equals("url"),
                    around.bucket(node, pointer),
                    node.path("batch").asInt(Field.DEFAULT_BATCH),
                    types(node),
                    AsMedia.of(node, around.line(pointer + "/media")),
                    around.derivation(node, pointer)));
        } catch (InvalidPathException e) {
            around.problem(pointer + "/dir", "dir is no path: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            around.problem(pointer + "/key", "key " + e.getMessage());
        }
        return Optional.empty();
    }

    private static Map<Archive.Role, String> columns(JsonNode node) {
        Map<Archive.Role, String> columns = new EnumMap<>(Archive.Role.class);
        for (Archive.Role role : Archive.Role.values()) {
            if (node.has(role.label())) {
                columns.put(role, node.path(role.label()).asText());
            }
        }
        return columns;
    }

    private static Set<MediaKind> types(JsonNode node) {
        Set<MediaKind> types = EnumSet.noneOf(MediaKind.class);
        node.path("types").forEach(type -> types.add(MediaKind.ofLabel(type.asText())));
        return types.isEmpty() ? EnumSet.of(MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.PDF) : types;
    }
}
