package dev.mediaferry.archive;

import dev.mediaferry.archive.CacheFiles.Wanted;

/**
 * A row of an archive's table, as a page of it is read.
 *
 * @param position after which the next page starts
 * @param md5 as it stands in the table; what else it says of its file is null where it has nothing
 * @param day of the row as {@code YYYY-MM-DD}, or null
 * @param old what its target holds already when it is archived once more, or null
 */
public record ArchiveRow(
        String position, String id, String md5, String path, String mime, String type, String day, String old) {

    public Wanted wanted() {
        return new Wanted(md5, path, mime, type);
    }
}
