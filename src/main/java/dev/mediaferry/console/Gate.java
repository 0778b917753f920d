package dev.mediaferry.console;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.api.Caller;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.api.Tokens;
import dev.mediaferry.observe.RequestGuard;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who comes in, to everything on the server's port: the console, the details of health, the developer console, Jolokia. Without a
 * login everybody who reaches a loopback address is an operator; with one, who has a session or a token. Probes answer anybody.
 */
final class Gate {

    static final String LOGIN = Console.ROOT + "/login";

    private static final Pattern BEARER =
            Pattern.compile("bearer +([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]*)+)", Pattern.CASE_INSENSITIVE);

    /** In a context: the {@link Visitor}. */
    private static final String VISITOR = "console-visitor";

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_PASSWORD = 200;

    private final ConsoleSettings settings;
    private final ApiSettings api;
    private final BiFunction<String, Map<String, ?>, String> templates;
    private final String cookie;
    private final Optional<UsersFile> users;
    private final Optional<Sessions> sessions;
    private final Optional<Tokens> tokens;
    private final LoginThrottle throttle = new LoginThrottle(System::nanoTime);
    private final Visitor local = new Visitor("local", Role.OPERATOR, "", Sessions.secret(new SecureRandom()), false);

    /**
     * @param api says which proxies are believed
     * @param port tells services of one host apart, which share their cookies
     * @param templates make a page by its name
     */
    Gate(ConsoleSettings settings, ApiSettings api, int port, BiFunction<String, Map<String, ?>, String> templates) {
        this.settings = settings;
        this.api = api;
        this.templates = templates;
        this.cookie = "mediaferry-" + port;
        this.users = settings.users().map(UsersFile::new);
        this.sessions = users.map(file -> new Sessions(file, settings.sessionLife(), System::nanoTime));
        this.tokens = settings.tokens().map(Tokens::new);
    }

    static Visitor visitor(RoutingContext context) {
        return context.get(VISITOR);
    }

    /** Goes before everything else. */
    void stand(Router entrance, Vertx vertx) {
        // One at a time: a hash takes a tenth of a second, which strangers may not multiply.
        WorkerExecutor hashes = vertx.createSharedWorkerExecutor("console-login", 1);
        if (users.isPresent()) {
            entrance.get(LOGIN).handler(context -> show(context, 200, ""));
            entrance.post(LOGIN).handler(context -> logIn(context, hashes));
        }
        entrance.route().handler(this::identify);
        entrance.post(Console.ROOT + "/logout").handler(this::logOut);
    }

    private void identify(RoutingContext context) {
        if (RequestGuard.PROBES.contains(context.normalizedPath()) || Assets.isOne(context.normalizedPath())) {
            context.next();
            return;
        }
        List<String> given = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        if (!settings.login()) {
            admit(context, local);
        } else if (tokens.isPresent() && !given.isEmpty()) {
            context.request().pause();
            context.vertx().executeBlocking(() -> bearer(given), false).onComplete(verified -> {
                context.request().resume();
                if (verified.succeeded()) {
                    admit(context, verified.result());
                } else if (verified.cause() instanceof ProblemException problem) {
                    refuse(context, problem.problem().status(), problem.getMessage());
                } else {
                    context.fail(verified.cause());
                }
            });
        } else {
            session(context)
                    .flatMap(id -> sessions.flatMap(all -> all.find(id)))
                    .ifPresentOrElse(visitor -> admit(context, visitor), () -> turnAway(context));
        }
    }

    private Visitor bearer(List<String> given) {
        Matcher bearer = BEARER.matcher(given.get(0));
        if (given.size() != 1 || !bearer.matches()) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "send one token: Authorization: Bearer TOKEN");
        }
        Caller caller = tokens.orElseThrow().verify(bearer.group(1));
        if (!caller.admin()) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN, "the token is not an administrator's (mediaferry.auth.admin-claim)");
        }
        return new Visitor(caller.user(), Role.OPERATOR, "", "", false);
    }

    private void admit(RoutingContext context, Visitor visitor) {
        HttpMethod method = context.request().method();
        boolean reads = HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
        if (!reads && !visitor.mayAct() && !context.normalizedPath().equals(Console.ROOT + "/logout")) {
            refuse(context, 403, "a viewer changes nothing");
            return;
        }
        // A browser adds the cookie by itself. What the console's own forms send, they carry the token in.
        boolean form = context.normalizedPath().startsWith(Console.ROOT + "/");
        if (!reads
                && !form
                && visitor.session()
                && !isToken(visitor, context.request().getHeader("X-CSRF-Token"))) {
            refuse(context, 403, "send the session's token in X-CSRF-Token");
            return;
        }
        context.put(VISITOR, visitor.from(client(context)));
        context.next();
    }

    /** @param given of a form; null for none */
    static boolean isToken(Visitor visitor, String given) {
        return visitor.token().isEmpty()
                || (given != null
                        && MessageDigest.isEqual(
                                visitor.token().getBytes(StandardCharsets.UTF_8),
                                given.getBytes(StandardCharsets.UTF_8)));
    }

    private void turnAway(RoutingContext context) {
        boolean page = context.request().method().equals(HttpMethod.GET)
                && (context.normalizedPath().equals("/")
                        || context.normalizedPath().startsWith(Console.ROOT))
                && users.isPresent();
        if (page && context.request().getHeader("HX-Request") == null) {
            String back = URLEncoder.encode(context.request().uri(), StandardCharsets.UTF_8);
            redirect(context, LOGIN + "?to=" + back);
        } else {
            // htmx goes there instead of putting the page of the login into a part of another.
            context.response().putHeader("HX-Redirect", LOGIN);
            context.response().putHeader("WWW-Authenticate", "Bearer realm=\"mediaferry\"");
            refuse(context, 401, "log in first");
        }
    }

    private void show(RoutingContext context, int status, String problem) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(templates.apply("login", Map.of("problem", problem, "to", target(context))));
    }

    private void logIn(RoutingContext context, WorkerExecutor hashes) {
        String name = form(context, "name");
        String password = form(context, "password");
        String from = client(context);
        Duration wait = throttle.wait(from, name);
        if (!wait.isZero()) {
            context.response().putHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
            show(context, 429, "Too many attempts. Try again in " + (wait.toSeconds() + 1) + " s.");
        } else if (name.isEmpty() || name.length() > LONGEST_NAME || password.length() > LONGEST_PASSWORD) {
            show(context, 401, "This name and password do not fit.");
        } else {
            // Counted before it is known, so that many at once are not tried for nothing.
            throttle.failed(from, name);
            hashes.executeBlocking(() -> users.orElseThrow().verify(name, password))
                    .onFailure(context::fail)
                    .onSuccess(user -> user.ifPresentOrElse(
                            one -> {
                                throttle.succeeded(from, name);
                                enter(context, one);
                            },
                            () -> show(context, 401, "This name and password do not fit.")));
        }
    }

    private void enter(RoutingContext context, UsersFile.User user) {
        session(context).ifPresent(sessions.orElseThrow()::end);
        HttpServerRequest request = context.request();
        String origin = String.valueOf(request.getHeader(HttpHeaders.ORIGIN));
        context.response()
                .addCookie(Cookie.cookie(cookie, sessions.orElseThrow().begin(user))
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.STRICT)
                        // The browser says by the origin whether TLS ends in front of here.
                        .setSecure(request.isSSL() || origin.startsWith("https://"))
                        .setPath("/"));
        redirect(context, target(context));
    }

    private void logOut(RoutingContext context) {
        if (!isToken(visitor(context), form(context, "token"))) {
            refuse(context, 403, "this form is not of this session");
            return;
        }
        session(context).ifPresent(id -> sessions.ifPresent(all -> all.end(id)));
        context.response().removeCookie(cookie);
        redirect(context, settings.users().isPresent() ? LOGIN : Console.ROOT + "/");
    }

    private Optional<String> session(RoutingContext context) {
        return Optional.ofNullable(context.request().getCookie(cookie)).map(Cookie::getValue);
    }

    private String client(RoutingContext context) {
        HttpServerRequest request = context.request();
        return api.proxies()
                .client(
                        request.remoteAddress().hostAddress(),
                        request.headers().getAll("X-Forwarded-For"),
                        request.headers().getAll("Forwarded"));
    }

    /** @return where a login leads to: an address of the console, and no other */
    private static String target(RoutingContext context) {
        String to = context.request().method().equals(HttpMethod.POST)
                ? form(context, "to")
                : String.join("", context.queryParam("to"));
        return to.matches("/console/[A-Za-z0-9/?&=._~%+-]*") && !to.contains("..") ? to : Console.ROOT + "/";
    }

    static String form(RoutingContext context, String name) {
        String value = context.request().getFormAttribute(name);
        return value == null ? "" : value;
    }

    static void redirect(RoutingContext context, String to) {
        context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, to)
                .end();
    }

    static void refuse(RoutingContext context, int status, String reason) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject().put("error", reason).encode());
    }
}
