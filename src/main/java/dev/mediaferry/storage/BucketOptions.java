package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a bucket is to be set up with beyond what every bucket gets.
 *
 * @param versioning keep old versions of objects
 * @param glacierDays days after which objects move to the storage class GLACIER
 * @param origins web pages that may read and upload by script, like {@code https://app.example.com} or {@code *}
 */
public record BucketOptions(boolean versioning, OptionalInt glacierDays, List<String> origins) {

    public static final BucketOptions NONE = new BucketOptions(false, OptionalInt.empty(), List.of());

    /** @throws ConfigurationException naming the option */
    public BucketOptions {
        origins = List.copyOf(origins);
        if (glacierDays.isPresent() && (glacierDays.getAsInt() < 1 || glacierDays.getAsInt() > 36_500)) {
            throw new ConfigurationException("--glacier-after must be from 1d to 36500d");
        }
        for (String origin : origins) {
            if (!origin.matches("\\*|https?://[A-Za-z0-9.*-]+(:\\d{1,5})?")) {
                throw new ConfigurationException("--cors takes an origin like https://app.example.com, or *, and is '"
                        + origin + "': scheme and host, no path");
            }
        }
    }
}
