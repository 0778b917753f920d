package dev.mediaferry.object;

/**
 * Where an object lies.
 *
 * @param bucket as the ledger keeps it: null for the configured one
 */
public record ObjectName(String bucket, String key) {

    /** What follows the last slash of the key. */
    public String lastName() {
        return lastName(key);
    }

    /** What follows the last slash. */
    public static String lastName(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    /** @return a column's value without blanks around it, query and fragment */
    public static String address(String value) {
        return value.strip().replaceFirst("[?#].*", "");
    }
}
