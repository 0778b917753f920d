package dev.mediaferry.imports;

import java.nio.file.Path;

/** A folder or an archive in the import directory, complete. */
public record InboxItem(Path path) {

    String name() {
        return path.getFileName().toString();
    }
}
