package dev.mediaferry.derivatives;

import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Derivation.Group;
import dev.mediaferry.registry.UploadType;
import java.util.List;
import java.util.UUID;

/**
 * What is asked for of an object that was uploaded.
 *
 * @param bucket as the ledger keeps it
 * @param groups that are made of such an object
 */
public record NewJobs(
        String mediaType, UUID mediaId, String bucket, String objectKey, String contentType, List<Group> groups) {

    public NewJobs {
        groups = List.copyOf(groups);
    }

    /** @return all that its type has made of such an object */
    public static NewJobs of(UploadType type, UUID mediaId, String bucket, String objectKey, String contentType) {
        return new NewJobs(
                type.name(),
                mediaId,
                bucket,
                objectKey,
                contentType,
                type.derivation().map(Derivation::groups).orElse(List.of()).stream()
                        .filter(group -> Derivation.isMadeOf(contentType, group))
                        .toList());
    }

    /** True when a medium is READY only after something was made. */
    public boolean areRequired() {
        return groups.stream().anyMatch(Group::required);
    }

    public String[] kinds() {
        return groups.stream().map(group -> group.kind().label()).toArray(String[]::new);
    }

    public String[] parts() {
        return groups.stream().map(Group::part).toArray(String[]::new);
    }

    public Integer[] priorities() {
        return groups.stream().map(Group::priority).toArray(Integer[]::new);
    }

    public Boolean[] required() {
        return groups.stream().map(Group::required).toArray(Boolean[]::new);
    }
}
