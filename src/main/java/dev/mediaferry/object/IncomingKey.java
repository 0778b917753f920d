package dev.mediaferry.object;

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
        return prefix + "/" + ledger + "/" + medium;
    }

    /** True for a key that was made for this ledger. */
    public static boolean isOf(String key, UUID ledger) {
        return key.contains("/" + ledger + "/");
    }
}
