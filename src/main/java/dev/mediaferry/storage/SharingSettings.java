package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is known of others that use the buckets, and of links that lead into them.
 *
 * @param formerUrls public addresses that links to the configured bucket had once
 * @param formerAccessKey for stores that were configured once; empty when they take the keys of the configured one
 * @param deleteShared true when no other ledger writes to the buckets, so that what equal bytes share may be deleted
 */
public record SharingSettings(
        List<URI> formerUrls,
        Optional<String> formerAccessKey,
        Optional<String> formerSecretKey,
        boolean deleteShared) {

    static final SharingSettings NONE = new SharingSettings(List.of(), Optional.empty(), Optional.empty(), false);

    public SharingSettings {
        formerUrls = List.copyOf(formerUrls);
    }

    /** @throws ConfigurationException naming the setting */
    public static SharingSettings of(Settings settings) {
        List<URI> formerUrls = settings.optional("storage.former-public-urls").stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(value -> settings.parse(
                        "storage.former-public-urls",
                        value,
                        "http or https addresses, with commas between them",
                        StorageSettings::web))
                .toList();
        Optional<String> accessKey = settings.optional("storage.former-access-key");
        Optional<String> secretKey = settings.optional("storage.former-secret-key");
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new ConfigurationException(
                    "set both mediaferry.storage.former-access-key and mediaferry.storage.former-secret-key, or neither");
        }
        return new SharingSettings(formerUrls, accessKey, secretKey, settings.flag("storage.delete-shared"));
    }
}
