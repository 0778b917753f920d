package dev.mediaferry.api;

import dev.mediaferry.failure.FailureClassifier;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request of the API passes before anything else: pages of which origins may ask (CORS), how large a request is, and
 * whose token it carries. It stands before all routes whatever the path is and however it is spelt, so no spelling leads past it.
 */
public final class Door {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    /** Who asked what, and which answer it got. */
    private static final Logger ACCESS = LoggerFactory.getLogger(Door.class.getPackageName() + ".Access");

    /** What follows it in a path opens uploads. */
    private static final Pattern TICKET = Pattern.compile("(?<=/companion/)[^/]+");

    /** Of pages on other origins; what a script may read of an answer. */
    private static final Set<String> EXPOSED =
            Set.of("Location", "Retry-After", "WWW-Authenticate", "RateLimit", "RateLimit-Policy");

    private static final Set<String> SENT = Set.of("authorization", "content-type", "idempotency-key", "accept");

    private static final int PREFLIGHT_SECONDS = 3600;

    private static final Pattern BEARER =
            Pattern.compile("bearer +([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]*)+)", Pattern.CASE_INSENSITIVE);

    /** Addresses of Uppy's Companion protocol, which sends no header; their token says who asks. */
    private static final Pattern COMPANION =
            Pattern.compile(Pattern.quote(ApiSettings.BASE + "/companion/") + "([^/]+)(/.*)");

    /** What is opened by a ticket as well. */
    private static final Pattern EVENTS = Pattern.compile(
            Pattern.quote(ApiSettings.BASE) + "/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/processing-status");

    /** In a context: when the right to listen ends. */
    private static final String ENDS = "ends";

    private final ApiSettings settings;
    private final Tokens tokens;
    private final Function<String, Optional<Caller>> pathTokens;
    private final StatusStreams streams;
    private volatile boolean open;

    /** @param pathTokens whose a token is that stands in a path; empty for one that is not good, or no longer. It may block. */
    public Door(
            ApiSettings settings, Tokens tokens, Function<String, Optional<Caller>> pathTokens, StatusStreams streams) {
        this.settings = settings;
        this.tokens = tokens;
        this.pathTokens = pathTokens;
        this.streams = streams;
    }

    /** @return what goes before all routes of the server */
    public Handler<RoutingContext> entrance(Vertx vertx) {
        Router entrance = Router.router(vertx);
        entrance.route().handler(this::note);
        entrance.route().handler(Door::harden);
        entrance.route().handler(this::waitForRoutes);
        if (!settings.corsOrigins().isEmpty()) {
            entrance.route().handler(cors());
        }
        ApiDocument document = new ApiDocument();
        show(entrance, "/openapi.json", "application/json", document.json());
        show(entrance, "/docs", "text/html; charset=utf-8", document.page());
        show(entrance, "/docs.css", "text/css", ApiDocument.style());
        entrance.route().handler(this::checkSize);
        entrance.route().handler(this::verify);
        entrance.get().handler(this::listen);
        return entrance::handleContext;
    }

    /**
     * Lets requests in. The server listens before its routes are there.
     *
     * @param router with all of them; from now on it answers in documents also where none of them does
     */
    public void open(Router router) {
        router.route().failureHandler(Door::explain);
        router.route().last().handler(context -> refuse(context, unrouted(router, context)));
        open = true;
    }

    private void waitForRoutes(RoutingContext context) {
        if (open) {
            context.next();
        } else {
            refuse(
                    context,
                    new Problem(ProblemType.UNAVAILABLE, "the service is starting", Map.of("Retry-After", "1")));
        }
    }

    private CorsHandler cors() {
        return CorsHandler.create()
                .addOrigins(settings.corsOrigins())
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE))
                .allowedHeaders(SENT)
                .exposedHeaders(EXPOSED)
                .maxAgeSeconds(PREFLIGHT_SECONDS);
    }

    /** What everybody may read, with or without a token. */
    private static void show(Router entrance, String name, String type, String text) {
        entrance.get(ApiSettings.ROOT + name).handler(context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; base-uri 'none';"
                                + " form-action 'none'; frame-ancestors 'none'")
                .putHeader("Referrer-Policy", "no-referrer")
                .end(text));
    }

    private void note(RoutingContext context) {
        HttpServerRequest request = context.request();
        String client = settings.proxies()
                .client(
                        request.remoteAddress().hostAddress(),
                        request.headers().getAll("X-Forwarded-For"),
                        request.headers().getAll("Forwarded"));
        context.addEndHandler(done -> {
            int status = context.response().getStatusCode();
            String path = TICKET.matcher(request.path()).replaceAll("…");
            if (status >= 500) {
                ACCESS.warn("{} {} {} {}", client, request.method(), path, status);
            } else {
                ACCESS.debug("{} {} {} {}", client, request.method(), path, status);
            }
        });
        context.next();
    }

    private static void harden(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        context.next();
    }

    private void checkSize(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        // The server itself counts a body that is sent without a length.
        if (length != null && length.length() < 19 && Long.parseLong(length) > settings.maxBody()) {
            refuse(context, tooLarge());
        } else {
            context.next();
        }
    }

    // What replaces setUser has no public way to set one.
    @SuppressWarnings("deprecation")
    private void verify(RoutingContext context) {
        HttpServerRequest request = context.request();
        List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        // As the router reads it, so that no spelling leads from the one kind of token to the other.
        Matcher companion = COMPANION.matcher(context.normalizedPath());
        List<String> shown = context.queryParams().getAll("ticket");
        Optional<UUID> medium = medium(request);
        // Its body waits meanwhile.
        request.pause();
        context.vertx()
                .executeBlocking(
                        () -> {
                            if (companion.matches()) {
                                return uploader(companion.group(1));
                            }
                            return given.isEmpty() && shown.size() == 1 && medium.isPresent()
                                    ? holder(context, medium.get(), shown.get(0))
                                    : tokens.verify(token(given));
                        },
                        false)
                .onComplete(verified -> {
                    request.resume();
                    if (verified.succeeded()) {
                        context.setUser(User.create(verified.result().principal()));
                        context.next();
                    } else {
                        context.fail(verified.cause());
                    }
                });
    }

    private Caller uploader(String token) {
        Optional<Caller> uploader;
        try {
            uploader = pathTokens.apply(token);
        } catch (RuntimeException e) {
            throw FailureClassifier.isOutage(e)
                    ? new ProblemException(ProblemType.UNAVAILABLE, "the database does not answer", e)
                    : e;
        }
        return uploader.orElseThrow(() -> new ProblemException(
                ProblemType.UNAUTHENTICATED,
                "the token in the address is not valid, or no longer: POST upload-token gives a new one"));
    }

    /** @return who may have these events for a minute */
    private Caller holder(RoutingContext context, UUID medium, String shown) {
        StatusStreams.Ticket ticket = streams.ticket(medium, shown)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAUTHENTICATED, "the ticket has ended, or is none: POST ticket gives a new one"));
        context.put(ENDS, ticket.expires());
        return new Caller(ticket.user(), Optional.empty(), false);
    }

    private static Optional<UUID> medium(HttpServerRequest request) {
        Matcher events = EVENTS.matcher(request.path());
        return HttpMethod.GET.equals(request.method()) && events.matches()
                ? Optional.of(UUID.fromString(events.group(1)))
                : Optional.empty();
    }

    /** A body that a route answers is not streamed, so events are written here. */
    private void listen(RoutingContext context) {
        Optional<UUID> medium = medium(context.request());
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        if (medium.isPresent() && accept != null && accept.contains("text/event-stream")) {
            streams.open(
                    context,
                    Caller.of(context.user().principal()),
                    medium.get(),
                    Optional.ofNullable(context.get(ENDS)));
        } else {
            context.next();
        }
    }

    private static String token(List<String> given) {
        if (given.size() == 1) {
            Matcher bearer = BEARER.matcher(given.get(0));
            if (bearer.matches()) {
                return bearer.group(1);
            }
        }
        throw new ProblemException(
                ProblemType.UNAUTHENTICATED, "send a token of your application: Authorization: Bearer TOKEN");
    }

    private static void explain(RoutingContext context) {
        Throwable failure = context.failure();
        if (context.response().headWritten()) {
            context.response().reset();
        } else if (failure instanceof ProblemException refused) {
            refuse(context, refused.problem());
        } else {
            if (context.statusCode() >= 500) {
                LOG.warn(
                        "{} {} failed",
                        context.request().method(),
                        COMPANION
                                .matcher(context.normalizedPath())
                                .replaceAll(ApiSettings.BASE + "/companion/(token)$2"),
                        failure);
            }
            refuse(
                    context,
                    switch (context.statusCode()) {
                        case 403 ->
                            new Problem(
                                    ProblemType.FORBIDDEN,
                                    "asked for by a page whose origin mediaferry.api.cors-origins lacks");
                        case 413 -> tooLarge();
                        case 500, 501, 502, 503, -1 -> new Problem(ProblemType.INTERNAL, "the service's log says more");
                        default -> new Problem(ProblemType.INVALID_REQUEST, "the request cannot be read");
                    });
        }
    }

    private static Problem tooLarge() {
        return new Problem(ProblemType.TOO_LARGE, "the request is larger than mediaferry.api.max-body");
    }

    private static Problem unrouted(Router router, RoutingContext context) {
        Set<String> methods = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.methods() != null && route.getPath() != null && fits(route.getPath(), context.normalizedPath())) {
                route.methods().forEach(method -> methods.add(method.name()));
            }
        }
        if (methods.isEmpty()) {
            return new Problem(ProblemType.NOT_FOUND, "there is nothing under this address");
        }
        context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", methods));
        return new Problem(ProblemType.METHOD_NOT_ALLOWED, "this address takes " + String.join(", ", methods));
    }

    /** @param template like {@code /media/:id} */
    private static boolean fits(String template, String path) {
        String[] expected = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (expected.length != given.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].startsWith(":") && !expected[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }

    private static void refuse(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        problem.headers().forEach(response::putHeader);
        if (problem.status() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"mediaferry\"");
        }
        response.setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .end(problem.json());
    }
}
