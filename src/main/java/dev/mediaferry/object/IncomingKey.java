package dev.mediaferry.object;

import java.util.Optional;
import java.util.UUID;

/**
 * Where the bytes of an upload arrive. What a browser puts carries no metadata of ours, so the key says whose it is: the id of the
 * ledger stands in it.
 */
public final class IncomingKey {

    private IncomingKey() {}

    /**
     * @param prefix that nothing serves, without a slash at its end
     * @param ledger id of the ledger that has the medium
     */
    public static String of(String prefix, UUID ledger, UUID medium) {
        return prefix(prefix, ledger) + medium;
    }

    /** @return what all keys of a ledger begin with */
    public static String prefix(String prefix, UUID ledger) {
        return prefix + "/" + ledger + "/";
    }

    /** @return whose bytes arrive there; empty for a key that ends otherwise */
    public static Optional<UUID> medium(String key) {
        try {
            return Optional.of(UUID.fromString(key.substring(key.lastIndexOf('/') + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** True for a key that was made for this ledger. */
    public static boolean isOf(String key, UUID ledger) {
        return key.contains("/" + ledger + "/");
    }

    /** @return the medium that a key was made for; empty when it is none of this prefix and ledger */
    public static Optional<UUID> medium(String key, String prefix, UUID ledger) {
        String ours = prefix + "/" + ledger + "/";
        if (!key.startsWith(ours)) {
            return Optional.empty();
        }
        try {
            UUID medium = UUID.fromString(key.substring(ours.length()));
            return of(prefix, ledger, medium).equals(key) ? Optional.of(medium) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
