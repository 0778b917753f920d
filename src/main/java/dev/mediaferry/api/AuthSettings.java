package dev.mediaferry.api;

import com.nimbusds.jose.JWSAlgorithm;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.StorageSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whose tokens are taken. Of {@code jwksUrl}, {@code jwksFile} and {@code secret} there is one.
 *
 * @param userClaim names the user
 * @param tierClaim names the user's tier; empty where all are equal
 * @param adminClaim makes an administrator; empty where nobody is one
 */
public record AuthSettings(
        Optional<URI> jwksUrl,
        Optional<Path> jwksFile,
        Optional<String> secret,
        String issuer,
        String audience,
        Set<JWSAlgorithm> algorithms,
        String userClaim,
        Optional<String> tierClaim,
        Optional<AdminClaim> adminClaim) {

    /** Bytes that a shared secret has to have (RFC 7518, section 3.2), by algorithm. */
    private static final Map<JWSAlgorithm, Integer> SECRETS =
            Map.of(JWSAlgorithm.HS256, 32, JWSAlgorithm.HS384, 48, JWSAlgorithm.HS512, 64);

    private static final List<JWSAlgorithm> SIGNATURES = List.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final Pattern ADMIN = Pattern.compile("([^=\\s]+)(?:=(\\S+))?");

    /** @param value that the claim is, or has in its list; empty for true */
    public record AdminClaim(String name, Optional<String> value) {

        static AdminClaim parse(String text) {
            Matcher matcher = ADMIN.matcher(text);
            return matcher.matches() ? new AdminClaim(matcher.group(1), Optional.ofNullable(matcher.group(2))) : null;
        }
    }

    /** @return empty when nothing says where keys are */
    public static Optional<AuthSettings> ifSet(Settings settings) {
        return Stream.of("auth.jwks-url", "auth.jwks-file", "auth.secret", "auth.secret-file")
                        .anyMatch(key -> settings.optional(key).isPresent())
                ? Optional.of(of(settings))
                : Optional.empty();
    }

    /** @throws ConfigurationException naming what is missing or wrong */
    public static AuthSettings of(Settings settings) {
        Optional<URI> url = settings.optional("auth.jwks-url")
                .map(value -> settings.parse("auth.jwks-url", value, "an http or https address", AuthSettings::web));
        Optional<Path> file = settings.optional("auth.jwks-file").map(value -> settings.path("auth.jwks-file"));
        Optional<String> secret = settings.secret("auth.secret");
        long sources = Stream.of(url, file, secret).filter(Optional::isPresent).count();
        if (sources == 0) {
            throw new ConfigurationException("the registry has uploads:, and nothing says whose tokens are taken: set"
                    + " mediaferry.auth.jwks-url, mediaferry.auth.jwks-file or mediaferry.auth.secret");
        }
        if (sources > 1) {
            throw new ConfigurationException("set one of mediaferry.auth.jwks-url, mediaferry.auth.jwks-file and"
                    + " mediaferry.auth.secret, not several");
        }
        Set<JWSAlgorithm> algorithms = settings.optional("auth.algorithms")
                .map(value -> settings.parse(
                        "auth.algorithms",
                        value,
                        secret.isPresent()
                                ? "of HS256, HS384 and HS512"
                                : "of RS256 to 512, PS256 to 512, ES256 to 512",
                        text -> algorithms(text, secret.isPresent())))
                .orElse(Set.of(secret.isPresent() ? JWSAlgorithm.HS256 : JWSAlgorithm.RS256));
        secret.ifPresent(key -> checkLength(key, algorithms));
        return new AuthSettings(
                url,
                file,
                secret,
                needed(settings.optional("auth.issuer"), "mediaferry.auth.issuer", "iss"),
                needed(settings.optional("auth.audience"), "mediaferry.auth.audience", "aud"),
                algorithms,
                settings.parse(
                        "auth.user-claim",
                        settings.text("auth.user-claim"),
                        "the name of a claim",
                        name -> name.isEmpty() ? null : name),
                settings.optional("auth.tier-claim"),
                settings.optional("auth.admin-claim")
                        .map(value -> settings.parse(
                                "auth.admin-claim", value, "a claim like admin, or role=admin", AdminClaim::parse)));
    }

    private static String needed(Optional<String> value, String key, String claim) {
        return value.orElseThrow(() -> new ConfigurationException(
                key + " is not set: tokens of others must not open anything here (claim " + claim + ")"));
    }

    private static URI web(String value) {
        URI uri = URI.create(value);
        // A query is part of some providers' addresses; a fragment of none.
        return uri.getFragment() == null && StorageSettings.web(value.replaceFirst("\\?.*", "")) != null ? uri : null;
    }

    private static Set<JWSAlgorithm> algorithms(String text, boolean secret) {
        Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
        Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(JWSAlgorithm::parse)
                .forEach(algorithms::add);
        return (secret ? SECRETS.keySet() : Set.copyOf(SIGNATURES)).containsAll(algorithms) ? algorithms : null;
    }

    private static void checkLength(String secret, Set<JWSAlgorithm> algorithms) {
        int least = algorithms.stream().mapToInt(SECRETS::get).max().orElseThrow();
        if (secret.getBytes(StandardCharsets.UTF_8).length < least) {
            throw new ConfigurationException(
                    "mediaferry.auth.secret is shorter than " + least + " bytes, which " + algorithms + " needs");
        }
    }
}
