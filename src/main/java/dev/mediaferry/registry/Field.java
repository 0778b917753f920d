package dev.mediaferry.registry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.link.Deadlines;
import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.object.KeyTemplate;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the registry: a column whose links are to be moved.
 *
 * @param line where it stands in the file, from 1
 * @param schema null when the table is found on the search path
 * @param id the unique column that identifies a row
 * @param batch rows claimed at once
 * @param hosts whose links are moved
 * @param key the field's own key template, or empty for the store's
 * @param resolve where the user's application is asked for a fresh link when one is lost
 * @param bucket name of a bucket of the registry, or empty for the configured one
 * @param types of media that the field takes
 * @param deadlines how its links say until when they work
 * @param created column that says when a link came into its row, or empty
 * @param asMedia whose media its rows become; empty when they become none
 * @param derivation what is made of its media; empty for nothing
 */
public record Field(
        int line,
        String schema,
        String table,
        String column,
        String folder,
        String id,
        int batch,
        HostPatterns hosts,
        Optional<KeyTemplate> key,
        Optional<URI> resolve,
        Optional<String> bucket,
        Set<MediaKind> types,
        Deadlines deadlines,
        Optional<String> created,
        Optional<AsMedia> asMedia,
        Optional<Derivation> derivation) {

    /** Measured: pages of 50 rows cost a tenth of the speed, pages beyond 1,000 bring nothing. */
    public static final int DEFAULT_BATCH = 1000;

    /** {@code Table.column}: the name of the field's route, and what commands take. */
    public String name() {
        return (schema == null ? "" : schema + ".") + table + "." + column;
    }
}
