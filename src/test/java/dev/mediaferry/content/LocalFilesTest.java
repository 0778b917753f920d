package dev.mediaferry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fixture.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {

    private static final long MOST = 5_000_000;

    private final LocalFiles files = new LocalFiles(1_000_000);

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
    }

    @Test
    void readsASmallFileIntoMemory() throws Exception {
        byte[] picture = Pictures.jpeg(1);
        write("a/b", picture);
        try (Content content = read("a/b")) {
            assertThat(content.bytes()).isEqualTo(picture);
            assertThat(content.sha256()).isEqualTo(sha256(picture));
            assertThat(content.type().name()).isEqualTo("image/jpeg");
        }
        assertThat(root.resolve("a/b")).hasBinaryContent(picture);
    }

    @Test
    void takesAPictureThatLacksOnlyItsEndMarkerAndSaysSo() throws Exception {
        byte[] picture = Pictures.jpeg(5);
        write("endless.jpg", Arrays.copyOf(picture, picture.length - 2));
        write("cut.jpg", Arrays.copyOf(picture, picture.length - 40));
        try (Content content = read("endless.jpg")) {
            assertThat(content.endless()).isTrue();
        }
        assertRefused("cut.jpg", FailureKind.TRUNCATED);
    }

    @Test
    void leavesALargeFileWhereItIs() throws Exception {
        byte[] picture = Pictures.jpeg(1, 3_000_000);
        write("large", picture);
        try (Content content = read("large")) {
            assertThat(content.payload())
                    .isEqualTo(root.toRealPath().resolve("large").toFile());
            assertThat(content.sha256()).isEqualTo(sha256(picture));
        }
        assertThat(root.resolve("large")).hasBinaryContent(picture);
    }

    @Test
    void tellsAFileThatHasChangedSinceItWasRead() throws Exception {
        write("large", Pictures.jpeg(1, 3_000_000));
        try (Content content = read("large")) {
            content.checkUnchanged();
            Files.setLastModifiedTime(root.resolve("large"), FileTime.from(Instant.EPOCH));
            assertThat(content.changed()).isTrue();
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(content::checkUnchanged)
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CHANGED));
        }
    }

    @Test
    void watchesTheFileOfWhatWasMadeOfIt() throws Exception {
        write("large", Pictures.jpeg(1, 3_000_000));
        Path spooled = Files.write(directory.resolve("spooled"), Pictures.jpeg(2));
        Content before = read("large");
        try (Content made = new Content(null, spooled, 5, "0".repeat(64), before.type()).madeOf(before)) {
            assertThat(made.payload()).isEqualTo(spooled.toFile());
            assertThat(made.original()).isEqualTo(new Original(before.length(), before.sha256()));
            made.checkUnchanged();
            Files.setLastModifiedTime(root.resolve("large"), FileTime.from(Instant.EPOCH));
            assertThat(made.changed()).isTrue();
        }
        assertThat(spooled).doesNotExist();
        assertThat(root.resolve("large")).exists();
    }

    @Test
    void followsNoLinkInTheFilesPlace() throws Exception {
        Path outside = Files.write(directory.resolve("secret"), Pictures.jpeg(1));
        Files.createSymbolicLink(root.resolve("link"), outside);
        assertRefused("link", FailureKind.ADDRESS_REFUSED);
    }

    @Test
    void followsNoLinkOutOfTheFolder() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.write(outside.resolve("secret"), Pictures.jpeg(1));
        Files.createSymbolicLink(root.resolve("door"), outside);
        assertRefused("door/secret", FailureKind.ADDRESS_REFUSED);
    }

    @Test
    void takesNoPathOutOfTheFolder() throws Exception {
        Files.write(directory.resolve("secret"), Pictures.jpeg(1));
        assertRefused("../secret", FailureKind.ADDRESS_REFUSED);
        assertRefused("a/../../secret", FailureKind.ADDRESS_REFUSED);
        assertRefused(directory.resolve("secret").toString(), FailureKind.ADDRESS_REFUSED);
        assertRefused("", FailureKind.ADDRESS_REFUSED);
    }

    @Test
    void takesNothingButRegularFiles() throws Exception {
        Files.createDirectory(root.resolve("folder"));
        assertRefused("folder", FailureKind.ADDRESS_REFUSED);
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertRefused("gone", FailureKind.MISSING_FILE);
        assertRefused("gone/too", FailureKind.MISSING_FILE);
    }

    @Test
    void takesOnlyBytesWithTheMd5ThatIsKnown() throws Exception {
        for (int length : new int[] {1000, 2_000_000}) {
            byte[] bytes = Pictures.jpeg(1, length);
            write("a", bytes);
            String md5 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
            files.read(root, "a", MOST, MediaKind.DEFAULT, Optional.of(md5)).close();
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> files.read(root, "a", MOST, MediaKind.DEFAULT, Optional.of("0".repeat(32))))
                    .withMessageContaining(md5)
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CHECKSUM_MISMATCH));
        }
    }

    @Test
    void takesNoFileThatIsTooLarge() throws Exception {
        write("large", Pictures.jpeg(1, 5_000_001));
        assertRefused("large", FailureKind.TOO_LARGE);
    }

    @Test
    void takesNoFileThatIsNoMedium() throws Exception {
        write("page", "<html>no picture</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertRefused("page", FailureKind.NOT_MEDIA);
    }

    private void assertRefused(String name, FailureKind kind) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> read(name))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private Content read(String name) throws IOException {
        return files.read(root, name, MOST, MediaKind.DEFAULT, Optional.empty());
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
