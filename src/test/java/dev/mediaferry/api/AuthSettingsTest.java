package dev.mediaferry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AuthSettingsTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> read())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.auth.jwks-url")
                .hasMessageContaining("mediaferry.auth.jwks-file")
                .hasMessageContaining("mediaferry.auth.secret");
        assertThatThrownBy(() -> read("secret", SECRET, "audience", "media"))
                .hasMessageContaining("mediaferry.auth.issuer is not set");
        assertThatThrownBy(() -> read("secret", SECRET, "issuer", "me"))
                .hasMessageContaining("mediaferry.auth.audience is not set");
    }

    @Test
    void takesOneSourceOfKeys() {
        assertThatThrownBy(() -> read("secret", SECRET, "jwks-file", "keys.json", "issuer", "me", "audience", "media"))
                .hasMessageContaining("set one of");
    }

    @Test
    void keepsSecretsLongAndOutOfMessages() {
        assertThatThrownBy(() -> read("secret", "too short", "issuer", "me", "audience", "media"))
                .hasMessageContaining("shorter than 32 bytes")
                .hasMessageNotContaining("too short");
        assertThatThrownBy(() -> read("secret", SECRET, "algorithms", "HS512", "issuer", "me", "audience", "media"))
                .hasMessageContaining("shorter than 64 bytes");
    }

    @Test
    void pinsAlgorithmsOfTheRightKind() {
        assertThat(read("secret", SECRET, "issuer", "me", "audience", "media").algorithms())
                .containsExactly(JWSAlgorithm.HS256);
        assertThat(read("jwks-file", "keys.json", "issuer", "me", "audience", "media")
                        .algorithms())
                .containsExactly(JWSAlgorithm.RS256);
        for (String algorithms : new String[] {"HS256", "none", "RS256, HS256", "nonsense", ","}) {
            assertThatThrownBy(() -> read(
                            "jwks-file", "keys.json", "algorithms", algorithms, "issuer", "me", "audience", "media"))
                    .hasMessageContaining("mediaferry.auth.algorithms is '" + algorithms + "'");
        }
        assertThatThrownBy(() -> read("secret", SECRET, "algorithms", "RS256", "issuer", "me", "audience", "media"))
                .hasMessageContaining("mediaferry.auth.algorithms");
    }

    private static AuthSettings read(String... keyValues) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            all.put("mediaferry.auth." + keyValues[i], keyValues[i + 1]);
        }
        return AuthSettings.of(Settings.load(null, Map.of(), all));
    }
}
