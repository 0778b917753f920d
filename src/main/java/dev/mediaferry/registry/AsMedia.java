package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.settings.Names;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What an entry moves becomes media, too.
 *
 * @param line where it stands in the registry, from 1
 * @param type name of a type of uploads
 * @param user the column that says whose a row's medium is
 */
public record AsMedia(int line, String type, String user) {

    static Optional<AsMedia> of(JsonNode entry, int line) {
        JsonNode media = entry.path("media");
        return media.isMissingNode()
                ? Optional.empty()
                : Optional.of(new AsMedia(
                        line, media.path("type").asText(), media.path("user").asText()));
    }

    /** @return what is wrong with a row that has no user */
    public String userMissing() {
        return "its " + user + " is empty, and media of type " + type + " need a user";
    }

    /** Looks whether each becomes media of a type that there is, and is as private as that. */
    static void check(Registry registry, BiConsumer<Integer, String> problem) {
        registry.fields()
                .forEach(field -> field.asMedia().ifPresent(media -> media.check(registry, field.bucket(), problem)));
        registry.archives().forEach(archive -> archive.asMedia()
                .ifPresent(media -> media.check(registry, archive.bucket(), problem)));
        registry.imports().stream().flatMap(one -> one.categories().stream()).forEach(category -> category.asMedia()
                .ifPresent(media -> media.check(registry, category.bucket(), problem)));
    }

    private void check(Registry registry, Optional<String> bucket, BiConsumer<Integer, String> problem) {
        Optional<UploadType> found = registry.upload(type);
        List<String> known = registry.uploads().stream().map(UploadType::name).toList();
        if (found.isEmpty()) {
            problem.accept(
                    line,
                    "media: there is no type " + type + " under uploads"
                            + Names.nearest(type, known)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
        } else if (!found.get().isPublic() && !found.get().bucket().equals(bucket)) {
            problem.accept(
                    line, "media: " + type + " is private, but what is moved goes to another bucket than its uploads");
        }
    }
}
