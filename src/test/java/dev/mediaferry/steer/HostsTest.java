package dev.mediaferry.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {

    @Test
    void spellsAHostAsLinksDo() {
        assertThat(Hosts.name("CDN.Example.com")).isEqualTo("cdn.example.com");
        assertThat(Hosts.name("bücher.example")).isEqualTo("xn--bcher-kva.example");
        assertThat(Hosts.name("[::1]")).isEqualTo("[::1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil$(x)",
                "https://cdn.example.com",
                "cdn.example.com:8443",
                "cdn.example.com/path",
                "a@b",
                "a b"
            })
    void refusesWhatIsNoHost(String host) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Hosts.name(host))
                .withMessageContaining("'" + host + "'")
                .withMessageContaining("like cdn.example.com");
    }
}
