package dev.mediaferry.uploads;

import dev.mediaferry.api.Caller;
import dev.mediaferry.registry.UploadType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The types of media that users may upload, by their names. */
public final class UploadTypes {

    private final Map<String, UploadType> types = new LinkedHashMap<>();

    public UploadTypes(List<UploadType> types) {
        types.forEach(type -> this.types.put(type.name(), type));
    }

    Optional<UploadType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    static long maxBytes(UploadType type, Caller caller) {
        return type.maxBytes(caller.tier());
    }

    /** True when a medium without an owner is removed; one whose type nobody names any more is not. */
    boolean expectsOwner(String name) {
        return find(name).filter(UploadType::expectsOwner).isPresent();
    }

    /** @return names of the types whose media rows of this table may have */
    Set<String> attachedTo(String ownerType) {
        return types.values().stream()
                .filter(type -> type.attach()
                        .filter(attach -> attach.ownerType().equals(ownerType))
                        .isPresent())
                .map(UploadType::name)
                .collect(Collectors.toSet());
    }

    /** What a caller may upload, as clients read it. */
    List<Map<String, Object>> documents(Caller caller) {
        return types.values().stream().map(type -> document(type, caller)).toList();
    }

    private static Map<String, Object> document(UploadType type, Caller caller) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("mediaType", type.name());
        document.put("content", new TreeSet<>(type.content()));
        document.put("maxBytes", maxBytes(type, caller));
        document.put("open", type.isOpenTo(caller.user()));
        document.put("access", type.access().name().toLowerCase(Locale.ROOT));
        document.put(
                "ownerType", type.attach().map(UploadType.Attach::ownerType).orElse(null));
        return document;
    }
}
