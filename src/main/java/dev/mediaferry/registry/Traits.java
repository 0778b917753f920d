package dev.mediaferry.registry;

/**
 * What the statements about a table have to allow for.
 *
 * @param guarded row security decides which rows we may write
 * @param watched triggers fire after an update, and may take back what it wrote
 * @param fuzzy the column's collation calls texts equal that are not, so that it has no patterns before PostgreSQL 18
 */
public record Traits(boolean guarded, boolean watched, boolean fuzzy) {}
