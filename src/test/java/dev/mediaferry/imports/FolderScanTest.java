package dev.mediaferry.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be looked at is found all the same, with a reason of its own, and nothing else is lost by it. */
class FolderScanTest {

    @TempDir
    private Path folder;

    @Test
    void namesAFileWhoseNameIsNoText() throws Exception {
        shell("touch $'a\\xff.jpg' $'a\\xfe.jpg' b.jpg && mkdir $'d\\xe4' && touch $'d\\xe4/c.jpg'");
        List<FoundFile> found = scan();
        assertThat(found)
                .extracting(FoundFile::path)
                .containsExactlyInAnyOrder("a\\xff.jpg", "a\\xfe.jpg", "b.jpg", "d\\xe4");
        assertThat(found).filteredOn(FoundFile::unseen).hasSize(3);
        assertThat(found)
                .filteredOn(FoundFile::unseen)
                .extracting(FoundFile::problem)
                .containsOnly("its name is not in UTF-8");
    }

    @Test
    void takesAReplacementCharacterThatIsReallyThereForOne() throws Exception {
        Files.createFile(folder.resolve("a\ufffd.jpg"));
        assertThat(scan()).extracting(FoundFile::problem).containsExactly((String) null);
    }

    @Test
    void saysThatAPathIsTooLong() throws Exception {
        String name = "x".repeat(250);
        try {
            shell("for i in $(seq 20); do mkdir " + name + " && cd " + name + " || exit 1; done; touch deep.jpg");
            Files.createFile(folder.resolve("flat.jpg"));
            List<FoundFile> found = scan();
            assertThat(found).hasSize(2);
            assertThat(found)
                    .filteredOn(FoundFile::unseen)
                    .extracting(FoundFile::problem)
                    .containsExactly("its path is longer than this system takes");
        } finally {
            shell("rm -r " + name);
        }
    }

    @Test
    void goesOnWhenFilesGoAwayMeanwhile() throws Exception {
        for (int i = 0; i < 10; i++) {
            Files.createFile(folder.resolve("f" + i));
        }
        List<FoundFile> found = new ArrayList<>();
        try (FolderScan scan = new FolderScan(folder)) {
            found.add(scan.next());
            for (int i = 0; i < 10; i++) {
                Files.deleteIfExists(folder.resolve("f" + i));
            }
            scan.forEachRemaining(found::add);
        }
        assertThat(found.subList(1, found.size()))
                .isNotEmpty()
                .allMatch(FoundFile::unseen)
                .extracting(FoundFile::problem)
                .containsOnly("it went away while the folder was searched");
    }

    private List<FoundFile> scan() {
        List<FoundFile> found = new ArrayList<>();
        try (FolderScan scan = new FolderScan(folder)) {
            scan.forEachRemaining(found::add);
        }
        return found;
    }

    private void shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
