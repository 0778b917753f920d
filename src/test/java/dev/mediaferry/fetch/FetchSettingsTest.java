package dev.mediaferry.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.pace.Delays;
import dev.mediaferry.settings.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchSettingsTest {

    @Test
    void hasDefaults() {
        assertThat(FetchSettings.of(Settings.load(null, Map.of(), Map.of())))
                .isEqualTo(new FetchSettings(
                        32,
                        new Delays(Duration.ofMillis(500), Map.of()),
                        Duration.ofSeconds(30),
                        25_000_000,
                        Set.of(),
                        HostPatterns.NONE,
                        HostPatterns.NONE));
    }

    @Test
    void takesAnotherDelayForSingleHosts() {
        Delays delays = with("delay-per-host", "500ms, CDN.example.com=50ms,slow.example = 2s ,free.example=0")
                .pace();
        assertThat(delays.of("cdn.example.com")).isEqualTo(Duration.ofMillis(50));
        assertThat(delays.of("slow.example")).isEqualTo(Duration.ofSeconds(2));
        assertThat(delays.of("free.example")).isZero();
        assertThat(delays.of("other.example")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void takesTheGeneralDelayAnywhereInTheList() {
        assertThat(with("delay-per-host", "a.example=1s, 0").pace())
                .isEqualTo(new Delays(Duration.ZERO, Map.of("a.example", Duration.ofSeconds(1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "500",
                "a.example=1s",
                "1s, 2s",
                "1s, a.example=",
                "1s, a.example=2",
                "1s, =2s",
                "1s, https://a.example=2s",
                "1s, a example=2s",
                "1s,,2s"
            })
    void refusesOtherDelays(String value) {
        assertRefused(
                "delay-per-host", value, "a duration like 500ms, which host=duration pairs may follow after commas");
    }

    @Test
    void takesHostsAndPortsThatMayBePrivate() {
        assertThat(with("allow-private", " CDN.internal:8080 ,[::1]:80,,127.0.0.1:9")
                        .allowPrivate())
                .containsExactlyInAnyOrder("cdn.internal:8080", "[::1]:80", "127.0.0.1:9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cdn.internal", "cdn.internal:", ":80", "http://cdn.internal:80", "::1:80", "10.0.0.0/8", "*:80"
            })
    void refusesOtherHostsAndPorts(String value) {
        assertRefused("allow-private", value, "host:port, comma-separated");
    }

    @Test
    void takesPatternsOfHostsThatAreAllowedOrDenied() {
        assertThat(with("allow-hosts", " *.CDN.example ,,bücher.example").allowHosts())
                .hasToString("*.cdn.example, xn--bcher-kva.example");
        assertThat(with("deny-hosts", "[::1],10.*").denyHosts()).hasToString("[::1], 10.*");
        assertThat(with("deny-hosts", " ").denyHosts().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "allow-hosts, 'a.example, https://b.example', https://b.example",
        "deny-hosts, a.example:80, a.example:80",
        "deny-hosts, a.example b.example, a.example b.example",
        "deny-hosts, bü*.example, bü*.example",
    })
    void namesTheSettingAndThePatternThatIsNoHost(String key, String value, String wrong) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with(key, value))
                .withMessageStartingWith("mediaferry.fetch.%s: '%s' is no host name: write it without", key, wrong);
    }

    @ParameterizedTest
    @CsvSource({"1", "512"})
    void takesConcurrencyWithinItsBounds(int value) {
        assertThat(with("concurrency", "" + value).concurrency()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "513", "-1", "many", "1.5"})
    void refusesOtherConcurrency(String value) {
        assertRefused("concurrency", value, "a whole number from 1 to 512");
    }

    @ParameterizedTest
    @CsvSource({"100ms, PT0.1S", "1h, PT1H", "60m, PT1H"})
    void takesATimeoutWithinItsBounds(String value, Duration timeout) {
        assertThat(with("timeout", value).timeout()).isEqualTo(timeout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "99ms", "61m", "1d"})
    void refusesATimeoutOutsideThem(String value) {
        assertRefused("timeout", value, "from PT0.1S to PT1H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "half a minute", "-1s"})
    void refusesATimeoutWithoutUnit(String value) {
        assertRefused("timeout", value, "a duration with its unit, like 500ms, 30s or 5m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0MB", "25 MiB", "-1MB", "25mb", "999999999999GB"})
    void refusesAnotherSize(String value) {
        assertRefused("max-bytes", value, "a size with its unit, like 500kB, 25MB or 1GB");
    }

    private static void assertRefused(String key, String value, String right) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with(key, value))
                .withMessage("mediaferry.fetch.%s is '%s', but must be %s", key, value, right);
    }

    private static FetchSettings with(String key, String value) {
        return FetchSettings.of(Settings.load(null, Map.of(), Map.of("mediaferry.fetch." + key, value)));
    }
}
