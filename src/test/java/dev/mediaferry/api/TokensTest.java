package dev.mediaferry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.mediaferry.settings.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose tokens are taken, with keys as identity providers publish them. */
class TokensTest {

    private static RSAKey rsa;
    private static ECKey ec;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("one").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
    }

    @Test
    void takesWhatAKeyOfTheFileHasSigned() throws Exception {
        Caller caller = tokens("auth.jwks-file", file(), "auth.algorithms", "RS256, ES256")
                .verify(signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), Map.of()));
        assertThat(caller).isEqualTo(new Caller("anna", Optional.empty(), false));
        assertThat(tokens("auth.jwks-file", file(), "auth.algorithms", "RS256, ES256")
                        .verify(signed(JWSAlgorithm.ES256, "two", new ECDSASigner(ec), Map.of()))
                        .user())
                .isEqualTo("anna");
    }

    @Test
    void refusesAnAlgorithmThatIsNotPinned() throws Exception {
        Tokens tokens = tokens("auth.jwks-file", file());
        refuses(tokens, signed(JWSAlgorithm.RS512, "one", new RSASSASigner(rsa), Map.of()));
        refuses(tokens, signed(JWSAlgorithm.ES256, "two", new ECDSASigner(ec), Map.of()));
    }

    @Test
    void takesNoPublicKeyForASecret() throws Exception {
        Tokens tokens = tokens("auth.jwks-file", file());
        refuses(
                tokens,
                signed(
                        JWSAlgorithm.HS256,
                        "one",
                        new MACSigner(rsa.toRSAPublicKey().getEncoded()),
                        Map.of()));
        byte[] json = rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        refuses(tokens, signed(JWSAlgorithm.HS256, "one", new MACSigner(json), Map.of()));
    }

    @Test
    void refusesAKeyThatComesWithTheToken() throws Exception {
        RSAKey own = new RSAKeyGenerator(2048).keyID("one").generate();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("one")
                        .jwk(own.toPublicJWK())
                        .build(),
                claims(Map.of()));
        token.sign(new RSASSASigner(own));
        refuses(tokens("auth.jwks-file", file()), token.serialize());
    }

    @Test
    void takesNoOtherKindOfTokenForOne() throws Exception {
        SignedJWT logout = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("one")
                        .type(new JOSEObjectType("logout+jwt"))
                        .build(),
                claims(Map.of()));
        logout.sign(new RSASSASigner(rsa));
        refuses(tokens("auth.jwks-file", file()), logout.serialize());
    }

    @Test
    void refusesATokenThatNeverEnds() throws Exception {
        JWTClaimsSet endless = new JWTClaimsSet.Builder()
                .subject("anna")
                .issuer("https://id.example.com/")
                .audience("media")
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), endless);
        token.sign(new RSASSASigner(rsa));
        refuses(tokens("auth.jwks-file", file()), token.serialize());
    }

    @Test
    void readsUserTierAndAdministratorFromTheClaimsThatAreSet() throws Exception {
        Tokens tokens = tokens(
                "auth.jwks-file",
                file(),
                "auth.user-claim",
                "uid",
                "auth.tier-claim",
                "plan",
                "auth.admin-claim",
                "roles=admin");
        Map<String, Object> claims = Map.of("uid", 42, "plan", "pro", "roles", List.of("editor", "admin"));
        assertThat(tokens.verify(signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), claims)))
                .isEqualTo(new Caller("42", Optional.of("pro"), true));
        Map<String, Object> others = Map.of("uid", "b", "roles", List.of("editor"), "admin", true);
        assertThat(tokens.verify(signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), others)))
                .isEqualTo(new Caller("b", Optional.empty(), false));
        refuses(tokens, signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), Map.of("uid", List.of("a"))));
        refuses(tokens, signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), Map.of()));
    }

    @Test
    void fetchesKeysAgainWhenATokenNamesANewOne() throws Exception {
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> answers = List.of(new JWKSet(rsa).toString(true), new JWKSet(List.of(rsa, ec)).toString(true));
        int[] asked = {0};
        provider.createContext("/keys", exchange -> {
            byte[] keys = answers.get(Math.min(asked[0]++, 1)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        provider.start();
        String url = "http://127.0.0.1:" + provider.getAddress().getPort() + "/keys";
        try {
            Tokens tokens = tokens("auth.jwks-url", url, "auth.algorithms", "RS256, ES256");
            String first = signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), Map.of());
            tokens.verify(first);
            tokens.verify(first);
            assertThat(asked[0]).as("keys are kept").isEqualTo(1);
            tokens.verify(signed(JWSAlgorithm.ES256, "two", new ECDSASigner(ec), Map.of()));
            assertThat(asked[0]).isEqualTo(2);
        } finally {
            provider.stop(0);
        }
    }

    @Test
    void saysThatKeysDoNotComeInsteadOfBlamingTheToken() throws Exception {
        Tokens tokens = tokens("auth.jwks-url", "http://127.0.0.1:1/keys");
        String token = signed(JWSAlgorithm.RS256, "one", new RSASSASigner(rsa), Map.of());
        assertThatThrownBy(() -> tokens.verify(token)).isInstanceOfSatisfying(ProblemException.class, e -> assertThat(
                        e.problem().type())
                .isEqualTo(ProblemType.KEYS_UNAVAILABLE));
    }

    private static void refuses(Tokens tokens, String token) {
        assertThatThrownBy(() -> tokens.verify(token)).isInstanceOfSatisfying(ProblemException.class, e -> assertThat(
                        e.problem().type())
                .isEqualTo(ProblemType.UNAUTHENTICATED));
    }

    private String file() throws Exception {
        return Files.writeString(directory.resolve("keys.json"), new JWKSet(List.of(rsa, ec)).toString(true))
                .toString();
    }

    private static String signed(JWSAlgorithm algorithm, String key, JWSSigner signer, Map<String, Object> claims)
            throws Exception {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims(claims));
        token.sign(signer);
        return token.serialize();
    }

    private static JWTClaimsSet claims(Map<String, Object> others) {
        JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder()
                .subject("anna")
                .issuer("https://id.example.com/")
                .audience(List.of("other", "media"))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
        others.forEach(builder::claim);
        return builder.build();
    }

    private static Tokens tokens(String... keyValues) {
        Map<String, String> all = new TreeMap<>(
                Map.of("mediaferry.auth.issuer", "https://id.example.com/", "mediaferry.auth.audience", "media"));
        for (int i = 0; i < keyValues.length; i += 2) {
            all.put("mediaferry." + keyValues[i], keyValues[i + 1]);
        }
        return new Tokens(AuthSettings.of(Settings.load(null, Map.of(), all)));
    }
}
