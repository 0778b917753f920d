package dev.mediaferry.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.backup.FileTypes.FileType;
import dev.mediaferry.compress.Foresight;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.registry.IdMapping;
import dev.mediaferry.registry.Import;
import dev.mediaferry.registry.ImportCategory;
import dev.mediaferry.registry.ImportCategory.NewId;
import dev.mediaferry.storage.KeyTemplate;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says of each file which category it belongs to, what its parts are, and whether it is to be imported. Safe for use by several
 * threads.
 */
final class Sorting {

    /** The ledger's indexes hold paths up to this length. */
    private static final int MAX_PATH = 500;

    /** S3's limit for a key. */
    private static final int MAX_KEY = 1024;

    private final Import plan;
    private final Map<IdMapping, IdMap> maps = new HashMap<>();
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * A file, sorted.
     *
     * @param category null when no pattern fits
     * @param details parts and new ids, in JSON
     * @param key null when none can be made
     * @param reason why it is left out, or null
     * @param kept why it will be stored as it is although its category compresses, or null
     */
    record Sorted(
            FoundFile file,
            String type,
            String category,
            String details,
            String firstOf,
            String key,
            String reason,
            String kept) {

        /** A file of no category. */
        Sorted(FoundFile file, String type, String reason) {
            this(file, type, null, null, null, null, reason, null);
        }

        /** True for what nobody could look at. */
        boolean unseen() {
            return file.unseen();
        }
    }

    Sorting(Import plan) {
        this.plan = plan;
        plan.maps().values().forEach(mapping -> maps.put(mapping, IdMap.read(mapping)));
    }

    Sorted sort(FoundFile file) {
        if (file.problem() != null) {
            return new Sorted(file, FileTypes.UNKNOWN, file.problem());
        }
        FileType type;
        try {
            type = FileTypes.of(file.file());
        } catch (IOException e) {
            String problem = FolderScan.problem(file.file(), e);
            return sort(FoundFile.unseen(file.path(), file.file(), problem));
        }
        if (!type.medium() && Litter.is(file.path())) {
            return new Sorted(file, type.type().name(), Litter.REASON);
        }
        for (ImportCategory category : plan.categories()) {
            Optional<Map<String, String>> parts = category.path().match(file.path());
            if (parts.isPresent()) {
                return sort(file, type, category, parts.get());
            }
        }
        return new Sorted(file, type.type().name(), "no pattern fits its path");
    }

    /** @return true when the path is one that a category knows */
    boolean fits(String path) {
        return plan.categories().stream()
                .anyMatch(category -> category.path().match(path).isPresent());
    }

    private Sorted sort(FoundFile file, FileType found, ImportCategory category, Map<String, String> parts) {
        MediaType type = found.type();
        Map<String, String> details = new HashMap<>(parts);
        String ext = found.storedAs(category.types()).orElse(type).extension();
        details.put("ext", ext);
        String firstOf = category.record() == null
                ? null
                : category.record().firstOf().map(parts::get).map(IdMap::alike).orElse(null);
        String reason = category.skips().stream()
                .filter(skip -> skip.fits(parts))
                .map(ImportCategory.Skip::reason)
                .findFirst()
                .orElse(null);
        for (Map.Entry<String, NewId> id : category.ids().entrySet()) {
            String old = parts.get(id.getValue().part());
            IdMap map = maps.get(id.getValue().map());
            Optional<String> newId = map.newId(old);
            newId.ifPresent(value -> details.put(id.getKey(), value));
            if (newId.isEmpty() && reason == null) {
                String name = "map " + id.getValue().map().name();
                reason = map.isFaulty(old)
                        ? name + " has an entry without a new id for "
                                + id.getValue().part() + " " + old
                        : id.getValue()
                                .reason()
                                .orElse(name + " has no new id of "
                                        + id.getValue().part() + " " + old);
            }
        }
        if (reason == null) {
            reason = unfit(file, found, category);
        }
        String key = reason == null
                ? category.prefix()
                        + category.key().fill(name -> name.equals("ext") ? ext : KeyTemplate.safe(details.get(name)))
                : null;
        if (key != null && key.length() > MAX_KEY) {
            reason = "its key would have more than " + MAX_KEY + " characters";
        }
        String kept = reason == null ? kept(file, type, category) : null;
        return new Sorted(file, type.name(), category.name(), json(details), firstOf, key, reason, kept);
    }

    private static String kept(FoundFile file, MediaType type, ImportCategory category) {
        if (category.compression().isEmpty()) {
            return null;
        }
        try {
            return Foresight.of(type, file.file(), category.compression().get()).orElse(null);
        } catch (IOException e) {
            // A run says what is the matter with the file; here it is of no consequence.
            return null;
        }
    }

    private static String unfit(FoundFile file, FileType found, ImportCategory category) {
        if (file.bytes() == 0) {
            return "the file is empty";
        }
        MediaType type = found.type();
        boolean named = type.kind().filter(category.types()::contains).isPresent();
        boolean stored = found.storedAs(category.types()).isPresent();
        if (named && !stored) {
            return "unsupported type " + type.name() + ", which is not taken from anywhere";
        }
        if (!stored) {
            return "unsupported type " + type.name() + ", the category takes "
                    + category.types().stream()
                            .sorted(Comparator.naturalOrder())
                            .map(MediaKind::label)
                            .collect(Collectors.joining(", "));
        }
        if (file.bytes() > category.maxBytes()) {
            return "larger than " + category.maxBytes() + " bytes";
        }
        return file.path().length() > MAX_PATH ? "its path has more than " + MAX_PATH + " characters" : null;
    }

    private String json(Map<String, String> details) {
        try {
            return json.writeValueAsString(details);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts that are no JSON", e);
        }
    }
}
