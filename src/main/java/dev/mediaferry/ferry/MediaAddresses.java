package dev.mediaferry.ferry;

import dev.mediaferry.ledger.TransferResult.Stored;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the world finds what becomes a medium, whatever form its pointer has. */
public final class MediaAddresses {

    private final Set<String> privateTypes;
    private final Buckets buckets;

    public MediaAddresses(List<UploadType> types, Buckets buckets) {
        this.privateTypes = types.stream()
                .filter(type -> !type.isPublic())
                .map(UploadType::name)
                .collect(Collectors.toSet());
        this.buckets = buckets;
    }

    /** @return null where only signed URLs lead there */
    String of(String mediaType, Stored stored) {
        return privateTypes.contains(mediaType)
                ? null
                : buckets.at(stored.transfer().bucket()).target(stored.objectKey());
    }
}
