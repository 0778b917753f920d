package dev.mediaferry.entry;

/**
 * Finds the rows that lead to objects.
 *
 * @param sql what the rows of an entry hold whose last part, without query and fragment, is one of the {@code names}: {@code value}
 */
public record Holders(String sql) {}
