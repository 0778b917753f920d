package dev.mediaferry.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.content.MediaHead;
import dev.mediaferry.fixture.HeifFiles;
import dev.mediaferry.fixture.Photographs;
import dev.mediaferry.format.ColourProfile;
import dev.mediaferry.format.NotCompressible;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeifToolsTest {

    @TempDir
    Path directory;

    @Test
    void decodesPicturesAsTheyAreSeen() throws Exception {
        HeifFiles files = new HeifFiles(directory);
        for (byte[] file : new byte[][] {files.heic(), files.avif()}) {
            MediaHead head = MediaHead.of(file);
            // What is cut off again, since codecs want even sides.
            assertThat(head.width()).isBetween(HeifFiles.WIDTH, HeifFiles.WIDTH + 1);
            assertThat(head.height()).isEqualTo(HeifFiles.HEIGHT);

            HeifTools.Decoded decoded = tools("/usr/bin:/bin").decode(file);

            BufferedImage seen = read(decoded);
            assertThat(decoded.extension()).isEqualTo("jpg");
            assertThat(seen.getWidth()).isEqualTo(HeifFiles.WIDTH);
            assertThat(seen.getHeight()).isEqualTo(HeifFiles.HEIGHT);
            assertThat(ColourProfile.of("jpg", decoded.file()))
                    .as("its profile")
                    .isPresent();
        }
        HeifTools.Decoded transparent = tools("/usr/bin:/bin").decode(files.transparentAvif());
        assertThat(transparent.extension()).isEqualTo("png");
        assertThat(read(transparent).getRGB(20, 20) >>> 24).isBetween(100, 150);
        assertThat(directory.resolve("spool")).isEmptyDirectory();
    }

    @Test
    void saysWhatIsDamagedAndWhatToInstall() throws Exception {
        byte[] cut = Arrays.copyOf(new HeifFiles(directory).heic(), 2_000);
        assertThatThrownBy(() -> tools("/usr/bin:/bin").decode(cut))
                .isInstanceOf(NotCompressible.class)
                .hasMessageStartingWith("the decoder refuses it: ");
        assertUnavailable(tools(directory.toString()), "install libheif-examples");
        Path program = Files.writeString(
                directory.resolve("heif-dec"),
                "#!/bin/sh\necho 'Could not decode image: No decoding plugin installed for this compression format'; exit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertUnavailable(tools(directory + ":/usr/bin:/bin"), "install libheif-plugin-libde265");
    }

    private static void assertUnavailable(HeifTools tools, String sentence) {
        assertThatThrownBy(() -> tools.decode(new byte[100])).isInstanceOfSatisfying(FilmException.class, e -> {
            assertThat(e.fault()).isEqualTo(FilmFault.UNAVAILABLE);
            assertThat(e).hasMessageContaining(sentence).hasMessageContaining("mediaferry derive --missing");
        });
    }

    private HeifTools tools(String searchPath) throws IOException {
        return new HeifTools(
                Optional.empty(),
                new VideoSettings(Optional.empty(), searchPath, Duration.ofMinutes(2), 4_000_000_000L, 100_000_000),
                Files.createDirectories(directory.resolve("spool")));
    }

    private static BufferedImage read(HeifTools.Decoded decoded) throws IOException {
        return decoded.extension().equals("png")
                ? ImageIO.read(new ByteArrayInputStream(decoded.file()))
                : Photographs.read(decoded.file());
    }
}
