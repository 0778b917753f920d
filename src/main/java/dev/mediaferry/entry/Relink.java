package dev.mediaferry.entry;

/**
 * Writes the new pointer or record of transfers whose objects are stored, and marks their ledger rows, in ONE transaction.
 *
 * @param sql takes {@code ids, targets, objectKeys, sha256s, bytes, contentTypes, etags, objectStates} and {@code worker};
 *     answers {@code id, state} of what is done, and nothing for rows that somebody else has locked
 */
public record Relink(String sql) {}
