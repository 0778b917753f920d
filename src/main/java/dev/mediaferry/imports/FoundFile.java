package dev.mediaferry.imports;

import java.nio.file.Path;

/**
 * Something that lies in a folder.
 *
 * @param path below the folder, with slashes; what is no character in it is shown as an escape
 * @param problem why it is no file to be read, or null
 * @param unseen true when nobody could look at it, so that it may be anything
 */
record FoundFile(String path, Path file, long bytes, String problem, boolean unseen) {

    static FoundFile unseen(String path, Path file, String problem) {
        return new FoundFile(path, file, 0, problem, true);
    }
}
