package dev.mediaferry.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhetherTheDiskOrTheStoreIsToBlame() throws IOException {
        byte[] film = new byte[200_000];
        try (Scratch scratch = Scratch.in(directory)) {
            assertThat(scratch.write(new ByteArrayInputStream(film))).hasBinaryContent(film);
        }
        try (Scratch scratch = Scratch.in(directory)) {
            Files.createSymbolicLink(scratch.source(), Path.of("/dev/full"));
            assertThatThrownBy(() -> scratch.write(new ByteArrayInputStream(film)))
                    .isInstanceOfSatisfying(
                            FilmException.class, e -> assertThat(e.fault()).isEqualTo(FilmFault.NO_ROOM))
                    .hasMessageContaining("cannot write to the spool directory " + directory);
        }
        try (Scratch scratch = Scratch.in(directory)) {
            InputStream closed = Files.newInputStream(Path.of("/dev/zero"));
            closed.close();
            assertThatThrownBy(() -> scratch.write(closed)).isInstanceOf(IOException.class);
        }
    }
}
