package dev.mediaferry.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleSettingsTest {

    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void startARunEveryNightUnlessSet() {
        assertThat(ScheduleSettings.of(Settings.load(null, Map.of(), Map.of())))
                .isEqualTo(new ScheduleSettings(Optional.of("0 0 3 * * ?"), ZoneId.systemDefault()));
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 3 * * ?, UTC, 2026-01-01T03:00:00Z",
        "0 0 3 * * ?, Europe/Berlin, 2026-01-01T02:00:00Z",
        "0 0 0 * * ?, Europe/Berlin, 2026-01-01T23:00:00Z",
        "0 0 0 1 JAN ?, UTC, 2027-01-01T00:00:00Z",
        "*/10 * * * * ?, UTC, 2026-01-01T00:00:10Z"
    })
    void knowTheNextRun(String cron, String zone, Instant next) {
        ScheduleSettings schedule = with(cron, zone);
        assertThat(schedule.next(NEW_YEAR)).contains(next);
        assertThat(schedule.nextAfter(NEW_YEAR)).isEqualTo(next);
    }

    @Test
    void keepTheHourOverTheChangeToSummerTime() {
        ScheduleSettings schedule = with("0 0 6 * * ?", "Europe/Berlin");
        assertThat(schedule.next(Instant.parse("2026-03-28T12:00:00Z")))
                .contains(Instant.parse("2026-03-29T04:00:00Z"));
    }

    @Test
    void knowNoNextRunWhenOff() {
        ScheduleSettings schedule = with("off", "UTC");
        assertThat(schedule.cron()).isEmpty();
        assertThat(schedule.next(NEW_YEAR)).isEmpty();
        assertThat(schedule.nextAfter(NEW_YEAR)).isEqualTo(Instant.MAX);
    }

    @Test
    void knowNoNextRunWhenTheLastIsOver() {
        ScheduleSettings schedule = with("0 0 0 1 JAN ? 2020", "UTC");
        assertThat(schedule.next(NEW_YEAR)).isEmpty();
        assertThat(schedule.nextAfter(NEW_YEAR)).isEqualTo(Instant.MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OFF", "daily", "0 3 * * *", "0 0 25 * * ?", "0 0 3 * * *", "0 0 3 * * ? x", "none"})
    void refuseWhatQuartzDoesNotRead(String cron) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with(cron, "UTC"))
                .withMessageStartingWith("mediaferry.schedule is '" + cron
                        + "', but must be off or a Quartz cron expression like 0 0 3 * * ?: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Berlin", "europe/berlin", "UTC+25", "x y"})
    void refuseAZoneThatThereIsNot(String zone) {
        for (String cron : new String[] {"0 0 3 * * ?", "off"}) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> with(cron, zone))
                    .withMessage("mediaferry.schedule.time-zone is '" + zone
                            + "', but must be a zone like Europe/Berlin or UTC");
        }
    }

    private static ScheduleSettings with(String cron, String zone) {
        Map<String, String> overrides = Map.of("mediaferry.schedule", cron, "mediaferry.schedule.time-zone", zone);
        return ScheduleSettings.of(Settings.load(null, Map.of(), overrides));
    }
}
