package dev.mediaferry.storage;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What an object says of itself in its metadata.
 *
 * @param ledger id of the ledger whose transfer has stored it
 * @param transfer its number in that ledger
 * @param medium whose upload it was
 * @param derivative the job that has made it of another object
 * @param sha256 of its bytes, 64 hexadecimal digits
 * @param madeOf hash of the bytes that it was made of: of what was compressed to it, else its own
 */
public record Provenance(
        Optional<String> ledger,
        Optional<Long> transfer,
        Optional<UUID> medium,
        Optional<Long> derivative,
        Optional<String> sha256,
        Optional<String> madeOf) {

    /** Name of a metadata entry, {@code x-amz-meta-mediaferry-ledger} on the wire. */
    public static final String LEDGER = "mediaferry-ledger";

    public static final String TRANSFER = "mediaferry-transfer";

    /** Of uploads: the id of the medium. */
    public static final String MEDIUM = "mediaferry-medium";

    /** Of what is made of an original: the number of the job. */
    public static final String DERIVATIVE = "mediaferry-derivative";

    private static final String HASH = "[0-9a-f]{64}";

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Where an object's metadata has the hash of what was compressed to it. */
    public static final String ORIGINAL_SHA256 = "original-sha256";

    /** @param metadata as a store answers it; not all write the names in small letters */
    public static Provenance of(Map<String, String> metadata) {
        Optional<String> sha256 = entry(metadata, FastPutS3Client.SHA256).filter(hash -> hash.matches(HASH));
        return new Provenance(
                entry(metadata, LEDGER),
                number(metadata, TRANSFER),
                entry(metadata, MEDIUM).filter(id -> id.matches(ID)).map(UUID::fromString),
                number(metadata, DERIVATIVE),
                sha256,
                entry(metadata, ORIGINAL_SHA256)
                        .filter(hash -> hash.matches(HASH))
                        .or(() -> sha256));
    }

    private static Optional<Long> number(Map<String, String> metadata, String name) {
        return entry(metadata, name).filter(id -> id.matches("[0-9]{1,18}")).map(Long::valueOf);
    }

    private static Optional<String> entry(Map<String, String> metadata, String name) {
        String value = metadata.get(name);
        return value != null
                ? Optional.of(value)
                : metadata.entrySet().stream()
                        .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(name))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }
}
