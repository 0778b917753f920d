package dev.mediaferry.content;

import java.io.IOException;
import java.nio.file.FileSystems;
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
 * @param touched when anything of it was changed, which nobody sets at will; null where the file system does not tell
 */
public record FileMark(Path file, long size, FileTime modified, Object key, boolean regular, Object touched) {

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    static FileMark of(Path file) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new FileMark(
                file,
                facts.size(),
                facts.lastModifiedTime(),
                facts.fileKey(),
                facts.isRegularFile(),
                UNIX ? Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS) : null);
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

    /** True when it may have been written since, even if it looks the same; also when only its rights or its other names have changed. */
    public boolean wasTouched() {
        try {
            return !Objects.equals(of(file).touched, touched);
        } catch (IOException e) {
            return true;
        }
    }
}
