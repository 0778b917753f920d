package dev.mediaferry.console;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's pages, and who may see what else the server has. It stands before all routes of the server, whatever they are,
 * under every spelling of a path.
 */
public final class Console implements AutoCloseable {

    /** Path of everything here. */
    static final String ROOT = "/console";

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    /** Pages that are made at the same time: the console takes no more of the database than that. */
    private static final int THREADS = 2;

    private static final int LARGEST_FORM = 256 * 1024;

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Of bytes from outside: nothing in them runs, whatever a browser takes them for. */
    private static final String INERT = "default-src 'none'; sandbox; frame-ancestors 'none'";

    private final Templates templates = new Templates();
    private final Assets assets = new Assets();
    private final Gate gate;
    private final LiveEvents events = new LiveEvents();
    private volatile Pages pages;

    /** @param port of the server */
    public Console(ConsoleSettings settings, ApiSettings api, int port) {
        this.gate = new Gate(settings, api, port, (name, model) -> page(name, model, Map.of()));
    }

    /** @return what goes before all routes of the server */
    public Handler<RoutingContext> entrance(Vertx vertx) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("console", THREADS);
        Router entrance = Router.router(vertx);
        entrance.route(ROOT + "*").handler(Console::harden);
        entrance.post(ROOT + "/*").handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM));
        entrance.get(ROOT + "/assets/*").handler(assets::answer);
        gate.stand(entrance, vertx);
        entrance.get("/").handler(context -> Gate.redirect(context, ROOT + "/"));
        entrance.route(ROOT + "/*").handler(this::waitForPages);
        entrance.get(ROOT + "/events").handler(events::open);
        Pages.LOOKS.forEach((path, page) -> entrance.get(ROOT + path)
                .handler(context -> make(context, workers, asked -> page.apply(pages, asked))));
        Pages.ACTS.forEach((path, act) -> entrance.post(ROOT + path).handler(context -> {
            if (Gate.isToken(Gate.visitor(context), Gate.form(context, "token"))) {
                make(context, workers, asked -> act.apply(pages, asked));
            } else {
                write(context, problem(403, "This form is not of your session", "Load its page again, and repeat it."));
            }
        }));
        entrance.route(ROOT + "/*").handler(context -> write(context, new Answer.Missing("page")));
        api(entrance, workers);
        return entrance::handleContext;
    }

    private void api(Router entrance, WorkerExecutor workers) {
        entrance.route(ConsoleApi.ROOT + "/*").handler(Console::harden);
        entrance.route(ConsoleApi.ROOT + "/*").handler(context -> {
            if (pages == null) {
                context.response().putHeader("Retry-After", "1");
                Gate.refuse(context, 503, "the service is starting");
            } else {
                context.next();
            }
        });
        ConsoleApi.LOOKS.forEach((path, look) ->
                entrance.get(ConsoleApi.ROOT + path).handler(context -> answer(context, workers, look)));
        ConsoleApi.ACTS.forEach((path, act) -> entrance.post(ConsoleApi.ROOT + path)
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
                .handler(context -> answer(context, workers, act)));
        entrance.route(ConsoleApi.ROOT + "/*")
                .handler(context -> Gate.refuse(context, 404, "there is nothing under this address"));
    }

    private void answer(
            RoutingContext context, WorkerExecutor workers, BiFunction<ConsoleApi, Asked, Object> question) {
        String body = context.body() == null ? null : context.body().asString();
        Asked asked = new Asked(
                context.pathParams(),
                values(context.queryParams()),
                body == null ? Map.of() : Map.of("body", List.of(body)),
                null,
                Gate.visitor(context));
        ConsoleApi api = pages.api();
        workers.executeBlocking(() -> api.json(question.apply(api, asked)), false)
                .onSuccess(json -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(json))
                .onFailure(failure -> explainApi(context, failure));
    }

    /** Not left to the router's handlers of failures: a context that is handed on has those of the router before it. */
    private static void explainApi(RoutingContext context, Throwable failure) {
        if (context.response().headWritten()) {
            context.response().reset();
        } else if (failure instanceof ConfigurationException refused) {
            Gate.refuse(context, 422, refused.getMessage());
        } else if (FailureClassifier.isOutage(failure)) {
            context.response().putHeader("Retry-After", "5");
            Gate.refuse(context, 503, "the database does not answer");
        } else {
            LOG.warn("{} {} failed", context.request().method(), context.normalizedPath(), failure);
            Gate.refuse(context, 500, "the service's log says more");
        }
    }

    /** Shows the pages from now on. The server listens before that. */
    public void open(Operations operations) {
        pages = new Pages(operations);
        events.follow(operations);
    }

    private static void harden(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                // Not no-referrer: forms would not say where they come from either.
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        context.next();
    }

    private void waitForPages(RoutingContext context) {
        if (pages == null) {
            context.response().putHeader("Retry-After", "1").putHeader("Refresh", "1");
            write(context, problem(503, "The service is starting", "This page comes by itself."));
        } else {
            context.next();
        }
    }

    private void make(RoutingContext context, WorkerExecutor workers, Function<Asked, Answer> page) {
        Asked asked = new Asked(
                context.pathParams(),
                values(context.queryParams()),
                values(context.request().formAttributes()),
                context.request().getHeader("Range"),
                Gate.visitor(context));
        workers.executeBlocking(() -> render(asked, page.apply(asked)), false)
                .onSuccess(made -> made.accept(context))
                .onFailure(failure -> explain(context, failure));
    }

    /** Made of an answer, for the thread that writes it. */
    private interface Made {
        void accept(RoutingContext context);
    }

    private Made render(Asked asked, Answer answer) {
        if (answer instanceof Answer.Page page) {
            String html = page(page.template(), page.model(), Map.of("visitor", asked.visitor()));
            return context -> html(context, page.status(), html);
        }
        return context -> write(context, answer);
    }

    private void write(RoutingContext context, Answer answer) {
        if (answer instanceof Answer.Redirect redirect) {
            Gate.redirect(context, redirect.to());
        } else if (answer instanceof Answer.Picture picture) {
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, picture.type())
                    .putHeader("Content-Security-Policy", INERT)
                    .end(Buffer.buffer(picture.bytes()));
        } else if (answer instanceof Answer.Part part) {
            long last = part.first() + part.bytes().length - 1;
            context.response()
                    .setStatusCode(206)
                    .putHeader(HttpHeaders.CONTENT_TYPE, part.type())
                    .putHeader("Content-Range", "bytes " + part.first() + "-" + last + "/" + part.total())
                    .putHeader("Content-Security-Policy", INERT)
                    .end(Buffer.buffer(part.bytes()));
        } else if (answer instanceof Answer.Missing missing) {
            write(
                    context,
                    problem(404, "There is no such " + missing.what(), "It may have been pruned, or never was."));
        } else if (answer instanceof Answer.Page page) {
            Visitor visitor = Gate.visitor(context);
            html(
                    context,
                    page.status(),
                    page(page.template(), page.model(), visitor == null ? Map.of() : Map.of("visitor", visitor)));
        }
    }

    private static void html(RoutingContext context, int status, String html) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .end(html);
    }

    private String page(String template, Map<String, ?> model, Map<String, ?> more) {
        Map<String, Object> all = new HashMap<>(model);
        all.putAll(more);
        all.put("assets", assets.addresses());
        return templates.render(template, all);
    }

    static Answer.Page problem(int status, String title, String text) {
        return new Answer.Page(status, "problem", Map.of("title", title, "text", text));
    }

    private void explain(RoutingContext context, Throwable failure) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            response.reset();
        } else if (failure instanceof ConfigurationException refused) {
            write(context, problem(422, "That cannot be done", refused.getMessage()));
        } else if (FailureClassifier.isOutage(failure)) {
            response.putHeader("Retry-After", "5");
            write(context, problem(503, "The database does not answer", "What is under way goes on when it is back."));
        } else {
            LOG.warn("{} {} failed", context.request().method(), context.normalizedPath(), failure);
            write(context, problem(500, "Something went wrong here", "The service's log says more."));
        }
    }

    private static Map<String, List<String>> values(MultiMap values) {
        Set<String> names = values.names();
        return names.stream().collect(Collectors.toMap(Function.identity(), values::getAll, (a, b) -> a, TreeMap::new));
    }

    @Override
    public void close() {
        events.close();
        Pages open = pages;
        if (open != null) {
            open.close();
        }
    }
}
