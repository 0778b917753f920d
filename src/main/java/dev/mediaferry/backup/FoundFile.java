package dev.mediaferry.backup;

import java.nio.file.Path;

/**
 * Something that lies in a folder.
 *
 * @param path below the folder, with slashes
 * @param problem why it is no file to be read, or null
 */
record FoundFile(String path, Path file, long bytes, String problem) {}
