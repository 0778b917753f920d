package dev.mediaferry.uploads;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Exposure;
import dev.mediaferry.storage.StorageSettings;
import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where nobody may read without a signature: what arrives, which is not verified yet, and what is private. */
public final class ClosedPlaces {

    private static final String PROBE = "mediaferry-probe";

    private final List<UploadType> types;
    private final Buckets buckets;
    private final LedgerId ledger;
    private final String incoming;
    private final Exposure exposure;

    /** @param incoming prefix of what arrives, without a slash at its end */
    public ClosedPlaces(List<UploadType> types, Buckets buckets, LedgerId ledger, String incoming, Exposure exposure) {
        this.types = List.copyOf(types);
        this.buckets = buckets;
        this.ledger = ledger;
        this.incoming = incoming;
        this.exposure = exposure;
    }

    /** @throws ConfigurationException naming the bucket that serves such a place to everybody */
    public void check() {
        Set<String> looked = new HashSet<>();
        for (UploadType type : types) {
            StorageSettings bucket = buckets.of(type.bucket());
            if (looked.add(bucket.bucket())) {
                String key = IncomingKey.of(incoming, ledger.value(), UUID.randomUUID());
                exposure.find(bucket, key, true).ifPresent(address -> {
                    throw refused(type, "what arrives under " + incoming + "/, which is not verified yet,", address);
                });
            }
            if (!type.isPublic() && looked.add(bucket.bucket() + "/" + type.folder() + " " + type.key())) {
                String key = type.key().key(type.folder(), PROBE, type.name(), Instant.now(), UUID.randomUUID(), "txt");
                exposure.find(bucket, key, false).ifPresent(address -> {
                    throw refused(type, "what is private under " + type.folder() + "/", address);
                });
            }
        }
    }

    private static ConfigurationException refused(UploadType type, String what, URI address) {
        String host = Optional.ofNullable(address.getAuthority()).orElse("");
        return new ConfigurationException(
                "uploads: " + type.name() + ": everybody can read " + what + " in its bucket: "
                        + host
                        + " answers without a signature. Name a bucket for it that nothing serves (bucket: in the registry),"
                        + " or leave that prefix out of what the bucket serves");
    }
}
