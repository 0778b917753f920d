package dev.mediaferry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /** The example of the standard's own libraries. */
    @Test
    void signsAsTheStandardDoes() {
        assertThat(WebhookSecret.parse(SECRET)
                        .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "whsec_", "whsec_c2hvcnQ=", "whsec_***", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    void refusesWhatIsNoSecretWithoutRepeatingIt(String secret) {
        assertThatThrownBy(() -> of("webhook.url", "https://app.example.com/hook", "webhook.secret", secret))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mediaferry.webhook.secret must be whsec_")
                .hasMessageNotContaining("'" + secret + "'");
    }

    @Test
    void wantsAddressAndSecretTogether() {
        assertThatThrownBy(() -> of("webhook.url", "https://app.example.com/hook"))
                .hasMessageContaining("are set together");
        assertThatThrownBy(() -> of("webhook.secret", SECRET)).hasMessageContaining("are set together");
        assertThat(of().targets()).isEmpty();
        assertThat(of("webhook.url", "https://app.example.com/hook", "webhook.secret", SECRET + " " + SECRET)
                        .secrets())
                .hasSize(2);
    }

    @Test
    void wantsABodyThatNamesWhatIsToBePurged() {
        assertThatThrownBy(() -> of("cdn.purge-body", "{}")).hasMessageContaining("a text with {urls} in it");
        assertThatThrownBy(() -> of("cdn.purge-header", "Bearer token"))
                .hasMessageContaining("mediaferry.cdn.purge-header must be a name, a colon and a value")
                .hasMessageNotContaining("Bearer");
    }

    private static WebhookSettings of(String... keyValues) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            values.put("mediaferry." + keyValues[i], keyValues[i + 1]);
        }
        return WebhookSettings.of(Settings.load(null, Map.of(), values));
    }
}
