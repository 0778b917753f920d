package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.observe.LiveRoutes;
import dev.mediaferry.steer.EntryOrders;
import java.util.Map;

/** The routes of this process as they run, and the entries, which operators suspend and resume. */
final class RoutePages {

    private final LiveRoutes routes;
    private final EntryOrders entries;
    private final Acts acts;

    RoutePages(Operations operations, Acts acts) {
        this.routes = operations.routes();
        this.entries = operations.entryOrders();
        this.acts = acts;
    }

    Answer show() {
        return new Answer.Page("routes", Map.of("maps", RouteMap.of(routes.all()), "entries", entries.all()));
    }

    Answer one(Asked asked) {
        String id = asked.path().getOrDefault("id", "");
        return routes.find(id)
                .<Answer>map(route -> new Answer.Page("route", Map.of("route", route, "steps", routes.steps(id))))
                .orElse(new Answer.Missing("route"));
    }

    Answer order(Asked asked) {
        String entry = asked.form("entry").orElseThrow(() -> new ConfigurationException("name an entry"));
        boolean suspend =
                switch (asked.form("wish").orElse("")) {
                    case "suspend" -> true;
                    case "resume" -> false;
                    default -> throw new ConfigurationException("say suspend or resume");
                };
        Map<String, Object> unused =
                acts.now(asked.visitor(), (suspend ? "suspend" : "resume") + "-entry", Map.of("entry", entry), () -> {
                    entries.suspend(entry, suspend, asked.visitor().name());
                    return Map.of();
                });
        return new Answer.Redirect(Console.ROOT + "/routes");
    }
}
