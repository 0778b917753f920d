package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.run.RunReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void isThatOfAServiceThatIsAwayWhenTheStoreHasEndedTheRun() {
        RunReport report = new RunReport(
                1, false, 5, 0, Map.of(), Map.of(), 0, 5, Map.of(), 0, 1, false, true, "ExpiredToken", null, List.of());
        assertThat(ExitCode.of(report)).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(ReportText.of(report)).contains("The store refused everything", "ExpiredToken");
    }
}
