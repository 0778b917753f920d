package dev.mediaferry.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mediaferry.api.ApiSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A page that uploads, on loopback, and the application behind it: it gives the demo's only user tokens that the demo's API takes. The
 * secret of both is made for this one demo.
 */
final class UploadPage implements AutoCloseable {

    private static final String USER = "demo";
    private static final String ISSUER = "mediaferry-demo";
    private static final String AUDIENCE = "mediaferry-demo-uploads";
    private static final int SECRET_BYTES = 32;
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);
    private static final Duration TOKEN_USE = Duration.ofMinutes(30);
    private static final int USUAL_PORT = 8079;
    private static final int USUAL_API_PORT = 8078;

    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "page.css", "text/css; charset=utf-8",
            "player.js", "text/javascript; charset=utf-8",
            "hls.js", "text/javascript; charset=utf-8",
            "uppy.js", "text/javascript; charset=utf-8",
            "uppy.css", "text/css; charset=utf-8");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String secret = secret();
    private final int apiPort = port(USUAL_API_PORT);
    private final HttpServer server = open();
    private volatile String store;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    UploadPage() {
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /** @param address of the object store, for browsers */
    void start(String address) {
        store = address;
        server.start();
    }

    private static HttpServer open() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(USUAL_PORT)), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the usual port, so that an address that somebody has kept still leads here; another where it is taken */
    static int port(int usual) {
        for (int port : new int[] {usual, 0}) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                if (port == 0) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalStateException("the last try returns or throws");
    }

    String address() {
        return origin() + "/upload/";
    }

    /** Settings of the service that the page asks. */
    Map<String, String> settings() {
        return Map.of(
                "mediaferry.api.host",
                "127.0.0.1",
                "mediaferry.api.port",
                Integer.toString(apiPort),
                "mediaferry.api.cors-origins",
                origin(),
                "mediaferry.auth.secret",
                secret,
                "mediaferry.auth.issuer",
                ISSUER,
                "mediaferry.auth.audience",
                AUDIENCE);
    }

    private String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            if (!origin().equals("http://" + exchange.getRequestHeaders().getFirst("Host"))) {
                // Another name that leads here may be a page's of the internet.
                send(exchange, 421, "text/plain", "this page is at " + address());
            } else if (path.equals("/") || path.equals("/upload")) {
                exchange.getResponseHeaders().set("Location", "/upload/");
                send(exchange, 302, "text/plain", "");
            } else if (path.equals("/upload/token.json") && method.equals("POST")) {
                sendToken(exchange);
            } else if (path.equals("/upload/config.json")) {
                send(exchange, 200, "application/json", JSON.writeValueAsString(Map.of("api", api(), "user", USER)));
            } else {
                sendFile(exchange, path.equals("/upload/") ? "index.html" : path.replaceFirst("^/upload/", ""));
            }
        }
    }

    private void sendToken(HttpExchange exchange) throws IOException {
        String from = exchange.getRequestHeaders().getFirst("Origin");
        if (!origin().equals(from)) {
            send(exchange, 403, "text/plain", "only this page gets tokens");
            return;
        }
        Map<String, Object> answer =
                Map.of("text", token(), "until", Instant.now().plus(TOKEN_USE).toEpochMilli());
        send(exchange, 200, "application/json", JSON.writeValueAsString(answer));
    }

    private void sendFile(HttpExchange exchange, String name) throws IOException {
        String type = FILES.get(name);
        if (type == null) {
            send(exchange, 404, "text/plain", "there is no such page; uploads are at " + address());
        } else {
            exchange.getResponseHeaders().set("Content-Security-Policy", policy());
            send(exchange, 200, type, Samples.text("upload/" + name));
        }
    }

    private String policy() {
        return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' " + apiOrigin() + " "
                + store
                + "; img-src 'self' blob: data: " + store + "; media-src blob: " + store
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String apiOrigin() {
        return "http://127.0.0.1:" + apiPort;
    }

    String api() {
        return apiOrigin() + ApiSettings.BASE;
    }

    String token() {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(USER)
                        .issuer(ISSUER)
                        .audience(AUDIENCE)
                        .expirationTime(Date.from(Instant.now().plus(TOKEN_LIFE)))
                        .build());
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("a secret of " + SECRET_BYTES + " bytes signs", e);
        }
        return token.serialize();
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
