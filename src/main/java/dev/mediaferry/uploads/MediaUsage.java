package dev.mediaferry.uploads;

/**
 * How much media there are.
 *
 * @param name of a type, a state, a user, or a storage class
 * @param bytes of those whose size is known
 */
public record MediaUsage(String name, long media, long bytes) {

    /** What media are counted by. */
    public enum By {
        TYPE,
        STATE,
        USER,
        /** Of storage. */
        CLASS
    }
}
