package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WarmupCommandTest {

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path home;

    @Test
    void movesLinksArchivesAndImports() {
        assertThat(MediaferryCommand.execute("warmup", "--rows", "20", "--set", "mediaferry.home=" + home))
                .isZero();
        assertThat(output.out())
                .containsPattern("\"field\" : \"archive.cached\",\\s+\"found\" : 20,\\s+\"migrated\" : 20,")
                .containsPattern("\"migratable\" : 20,(?s:.*)\"migrated\" : 20,(?s:.*)\"validation\" : \"valid\"");
        assertThat(output.err()).isEmpty();
    }

    @Test
    void isNothingThatUsersAreToldOf() {
        MediaferryCommand.execute("--help");
        assertThat(output.out()).doesNotContain("warmup");
    }
}
