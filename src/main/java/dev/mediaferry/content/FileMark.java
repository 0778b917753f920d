package dev.mediaferry.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * How a file of the user looked when it was opened. As long as it looks the same, its bytes are taken for the same.
 *
 * @param key of the file system, or null where it has none
 */
public record FileMark(Path file, long size, FileTime modified, Object key, boolean regular) {

    static FileMark of(Path file) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new FileMark(file, facts.size(), facts.lastModifiedTime(), facts.fileKey(), facts.isRegularFile());
    }

    /** True when it is gone, or no longer looks like this. */
    public boolean changed() {
        try {
            FileMark now = of(file);
            return now.size != size || !now.modified.equals(modified) || !Objects.equals(now.key, key);
        } catch (IOException e) {
            return true;
        }
    }
}
