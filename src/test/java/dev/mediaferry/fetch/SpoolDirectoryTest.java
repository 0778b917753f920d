package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolDirectoryTest {

    @TempDir
    private Path home;

    @Test
    void isEmptyAndNamedAfterThisProcess() {
        Path spool = SpoolDirectory.create(home.resolve("new"));
        assertThat(spool).isEmptyDirectory().hasParentRaw(home.resolve("new/spool"));
        assertThat(spool.getFileName().toString())
                .startsWith(ProcessHandle.current().pid() + "-");
    }

    @Test
    void keepsTheDirectoryOfALivingProcess() throws Exception {
        Path own = SpoolDirectory.create(home);
        Files.writeString(own.resolve("medium-1.part"), "x");
        assertThat(SpoolDirectory.create(home)).isEqualTo(own);
        assertThat(own.resolve("medium-1.part")).exists();
    }

    @Test
    void removesTheDirectoryOfAProcessThatHasEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        long started = process.info().startInstant().orElseThrow().toEpochMilli();
        Path directory = leftOver(process.pid() + "-" + started);
        SpoolDirectory.create(home);
        assertThat(directory).exists();
        process.destroyForcibly().waitFor();
        SpoolDirectory.create(home);
        assertThat(directory).doesNotExist();
    }

    @Test
    void removesTheDirectoryOfAnEarlierProcessWithTheSameId() throws Exception {
        Path directory = leftOver(ProcessHandle.current().pid() + "-1");
        Path own = SpoolDirectory.create(home);
        assertThat(directory).doesNotExist();
        assertThat(own).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "12", "-5", "x-1", "99999999999999999999-1", "1-1"})
    void removesWhatBelongsToNobody(String name) throws Exception {
        Path directory = leftOver(name);
        SpoolDirectory.create(home);
        assertThat(directory).doesNotExist();
    }

    @Test
    void saysWhenTheHomeCannotBeUsed() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThatThrownBy(() -> SpoolDirectory.create(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.home: cannot keep files in " + file);
    }

    private Path leftOver(String name) throws IOException {
        Path directory = Files.createDirectories(home.resolve("spool").resolve(name));
        Files.writeString(directory.resolve("medium-1.part"), "x");
        return directory;
    }
}
