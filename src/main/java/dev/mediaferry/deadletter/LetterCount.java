package dev.mediaferry.deadletter;

/**
 * Of one field in a selection; a row of {@code count-dead-letters.sql}.
 *
 * @param entry its name, whether the registry still has it or not
 */
public record LetterCount(String entry, long letters) {}
