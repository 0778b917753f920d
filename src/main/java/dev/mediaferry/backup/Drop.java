package dev.mediaferry.backup;

import java.nio.file.Path;

/** A folder or an archive in the import directory, complete. */
public record Drop(Path path) {

    String name() {
        return path.getFileName().toString();
    }
}
