package dev.mediaferry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Is there room for what a packed backup holds? That is asked before its first file is written. */
@Tag("slow")
class ArchiveRoomTest {

    private static final ImportSettings SETTINGS = new ImportSettings(
            Optional.empty(),
            Duration.ofSeconds(1),
            1_000_000_000,
            Optional.empty(),
            OptionalLong.empty(),
            1_000_000_000);

    private static final byte[] NOISE = new byte[100_000];

    static {
        new Random(1).nextBytes(NOISE);
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.zip", "a.tar", "a.tar.gz"})
    void refusesWhatTheDiskHasNoRoomForBeforeItWritesAnything(String name) throws IOException {
        Archive archive = new Archive(pack(name), into(), SETTINGS, () -> 99_000);
        assertThatExceptionOfType(DropRefusedException.class)
                .isThrownBy(archive::unpack)
                .withMessageMatching(
                        "the archive " + name + " needs 1\\d\\d\\.\\d kB unpacked, and .*into has 99\\.0 kB free");
        try (Stream<Path> files = Files.list(into())) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.zip", "a.tar", "a.tar.gz"})
    void unpacksWhatThereIsRoomFor(String name) throws IOException {
        new Archive(pack(name), into(), SETTINGS, () -> 200_000).unpack();
        assertThat(into().resolve("noise")).hasBinaryContent(NOISE);
    }

    @Test
    void unpacksWhereTheFileSystemDoesNotKnowItsRoom() throws IOException {
        new Archive(pack("a.zip"), into(), SETTINGS, () -> 0).unpack();
        assertThat(into().resolve("noise")).exists();
    }

    private Path into() throws IOException {
        return Files.createDirectories(directory.resolve("into"));
    }

    private Path pack(String name) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream packed = name.endsWith(".gz") ? new GzipCompressorOutputStream(raw) : raw) {
            if (name.endsWith(".zip")) {
                try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(packed)) {
                    add(zip, new ZipArchiveEntry("noise"));
                }
            } else {
                TarArchiveEntry entry = new TarArchiveEntry("noise");
                entry.setSize(NOISE.length);
                try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
                    add(tar, entry);
                }
            }
        }
        return file;
    }

    private static <E extends ArchiveEntry> void add(ArchiveOutputStream<E> out, E entry) throws IOException {
        out.putArchiveEntry(entry);
        out.write(NOISE);
        out.closeArchiveEntry();
    }
}
