package dev.mediaferry.observe;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;

/**
 * Camel's HTTP servers, each behind what decides who may ask: a {@link RequestGuard}, or the door of the API. It stands where
 * Camel puts the check of a password, so that it is there before the port is open and before every endpoint, no matter who adds one.
 */
public final class GuardedServers extends DefaultMainHttpServerFactory {

    private final Function<Vertx, Handler<RoutingContext>> guard;
    private final Function<Vertx, Handler<RoutingContext>> api;

    /**
     * @param entrance what requests come to that the guard lets pass; empty where they go on to the routes
     * @param api the door of the server that is not for management; empty for the guard's
     */
    public GuardedServers(
            ServerSettings settings,
            Optional<Function<Vertx, Handler<RoutingContext>>> entrance,
            Optional<Function<Vertx, Handler<RoutingContext>>> api) {
        RequestGuard requests = new RequestGuard(settings);
        Function<Vertx, Handler<RoutingContext>> inside = entrance.orElse(vertx -> RoutingContext::next);
        this.guard = vertx -> {
            Handler<RoutingContext> next = inside.apply(vertx);
            return context -> answer(requests, context, next);
        };
        this.api = api.orElse(guard);
    }

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
        MainHttpServer server = (MainHttpServer) super.newHttpServer(context, properties);
        protect(server.getConfiguration(), api);
        return server;
    }

    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties properties) {
        ManagementHttpServer server = (ManagementHttpServer) super.newHttpManagementServer(context, properties);
        protect(server.getConfiguration(), guard);
        return server;
    }

    private static void protect(
            VertxPlatformHttpServerConfiguration server, Function<Vertx, Handler<RoutingContext>> door) {
        server.getAuthenticationConfig().setEnabled(true);
        server.getAuthenticationConfig().getEntries().add(new DoorEntry(door));
    }

    private static void answer(RequestGuard guard, RoutingContext context, Handler<RoutingContext> next) {
        Optional<RequestGuard.Refusal> refusal = guard.refuse(request(context));
        if (refusal.isEmpty()) {
            next.handle(context);
            return;
        }
        context.response()
                .setStatusCode(refusal.get().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject().put("error", refusal.get().reason()).encode());
    }

    private static RequestGuard.Request request(RoutingContext context) {
        HttpServerRequest request = context.request();
        List<String> hosts = new ArrayList<>(request.headers().getAll(HttpHeaders.HOST));
        // HTTP/2 names it in a pseudo-header.
        if (request.authority() != null) {
            hosts.add(request.authority().toString());
        }
        return new RequestGuard.Request(
                request.method().name(),
                request.path(),
                context.normalizedPath(),
                context.queryParams().names(),
                hosts,
                request.headers().getAll(HttpHeaders.ORIGIN),
                request.headers().getAll("Sec-Fetch-Site"),
                request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private static final class DoorEntry extends AuthenticationConfigEntry {

        private final Function<Vertx, Handler<RoutingContext>> door;

        DoorEntry(Function<Vertx, Handler<RoutingContext>> door) {
            this.door = door;
            setPath("/*");
        }

        @Override
        public Handler<RoutingContext> createAuthenticationHandler(Vertx vertx) {
            return door.apply(vertx);
        }
    }
}
