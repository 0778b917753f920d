package dev.mediaferry.registry;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that tells the new id of every old one: a JSON object, or a JSON array or CSV whose fields are named.
 *
 * @param from name of the field with the old id; empty for a plain JSON object
 * @param to name of the field with the new id; empty for a plain JSON object
 * @param schema of the table, null when it is found on the search path
 * @param table in which every new id has to stand; null for none
 * @param id column of the table
 */
public record IdMapping(
        String name, Path file, Optional<String> from, Optional<String> to, String schema, String table, String id) {}
