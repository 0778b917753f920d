package dev.mediaferry.api;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies tokens (JWT, RFC 7519) with keys of the user's own identity provider. Issuer, audience and algorithms are pinned; a
 * token says when it ends; clocks may differ by a minute.
 */
public final class Tokens {

    private static final int SKEW_SECONDS = 60;

    /** For the keys; a request waits for them at most that often. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** How long keys are taken after their address has stopped answering. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    private static final int LARGEST_KEYS = 512 * 1024;

    private final AuthSettings settings;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** @throws ConfigurationException when a file of keys has none */
    public Tokens(AuthSettings settings) {
        this.settings = settings;
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(settings.algorithms(), keys(settings)));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                settings.audience(),
                new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                Set.of("exp", settings.userClaim()));
        claims.setMaxClockSkew(SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /**
     * Blocks when keys have to be fetched.
     *
     * @throws ProblemException when it is none of ours, or the keys cannot be had
     */
    public Caller verify(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            return new Caller(text(claims.getClaim(settings.userClaim())), tier(claims), admin(claims));
        } catch (KeySourceException e) {
            throw new ProblemException(ProblemType.KEYS_UNAVAILABLE, "the keys for tokens cannot be fetched now", e);
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemType.UNAUTHENTICATED, "the token is not valid here: " + e.getMessage(), e);
        }
    }

    private Optional<String> tier(JWTClaimsSet claims) {
        return settings.tierClaim().map(claims::getClaim).map(Object::toString);
    }

    private boolean admin(JWTClaimsSet claims) {
        return settings.adminClaim()
                .map(admin -> {
                    Object claim = claims.getClaim(admin.name());
                    return admin.value()
                            .map(value ->
                                    claim instanceof Collection<?> list ? list.contains(value) : value.equals(claim))
                            .orElse(Boolean.TRUE.equals(claim));
                })
                .orElse(false);
    }

    private static String text(Object claim) {
        if (claim instanceof String || claim instanceof Long || claim instanceof Integer) {
            return claim.toString();
        }
        throw new IllegalArgumentException("its user is neither a text nor a whole number");
    }

    private static JWKSource<SecurityContext> keys(AuthSettings settings) {
        return settings.secret()
                .<JWKSource<SecurityContext>>map(
                        secret -> new ImmutableSecret<>(secret.getBytes(StandardCharsets.UTF_8)))
                .or(() -> settings.jwksFile().map(Tokens::file))
                .orElseGet(() -> remote(settings.jwksUrl().orElseThrow()));
    }

    private static JWKSource<SecurityContext> file(Path file) {
        try {
            JWKSet keys = JWKSet.load(file.toFile());
            if (keys.isEmpty()) {
                throw new ConfigurationException("mediaferry.auth.jwks-file: " + file + " has no key");
            }
            return new ImmutableJWKSet<>(keys);
        } catch (IOException | ParseException e) {
            throw new ConfigurationException(
                    "mediaferry.auth.jwks-file: " + file + " is no JSON with keys (JWKS): " + e.getMessage());
        }
    }

    private static JWKSource<SecurityContext> remote(URI address) {
        int millis = (int) ANSWER.toMillis();
        try {
            return JWKSourceBuilder.create(address.toURL(), new DefaultResourceRetriever(millis, millis, LARGEST_KEYS))
                    .retrying(true)
                    .outageTolerant(OUTAGE.toMillis())
                    .build();
        } catch (MalformedURLException e) {
            throw new ConfigurationException("mediaferry.auth.jwks-url is no address: " + e.getMessage());
        }
    }
}
