package dev.mediaferry.entry;

/**
 * Finds rows that lead to objects, whoever wrote them.
 *
 * @param sql what the rows of an entry hold whose last part, without query and fragment, is one of the {@code names}: {@code value}
 */
public record Holders(String sql) {}
