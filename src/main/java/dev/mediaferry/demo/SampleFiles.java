package dev.mediaferry.demo;

import dev.mediaferry.content.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** A folder of pictures, with a table that knows them by their MD5 and one for the records of an import. */
public final class SampleFiles {

    private final Path root;

    private SampleFiles(Path root) {
        this.root = root;
    }

    /**
     * Makes the files and the tables.
     *
     * @param root a directory of their own
     * @param count of the files, each with bytes of its own
     */
    public static SampleFiles create(JdbcTemplate database, Path root, int count) {
        database.execute(Samples.text("files.sql"));
        try {
            Path images = Files.createDirectories(root.resolve("images"));
            byte[] picture = Samples.bytes("portrait.jpg");
            List<Object[]> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // Bytes behind the end of a picture make it another file.
                byte[] bytes = ByteBuffer.allocate(picture.length + 4)
                        .put(picture)
                        .putInt(i)
                        .array();
                MessageDigest digest = Digests.md5();
                digest.update(bytes);
                String md5 = Digests.hex(digest);
                Files.write(images.resolve(md5 + ".jpg"), bytes);
                rows.add(new Object[] {i, md5});
            }
            database.batchUpdate("insert into cached (id, md5_sum, mime_type) values (?, ?, 'image/jpeg')", rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SampleFiles(root);
    }

    public Path root() {
        return root;
    }

    /** @return a registry that archives the files, and one that imports them */
    public Path registry() throws IOException {
        Path file = root.resolveSibling("registry.yaml");
        return Files.writeString(file, Samples.text("files.yaml").replace("{dir}", root.toString()));
    }
}
