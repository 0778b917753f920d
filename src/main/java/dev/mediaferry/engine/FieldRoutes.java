package dev.mediaferry.engine;

import dev.mediaferry.entry.Entry;
import java.util.List;
import java.util.function.Predicate;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.StatefulService;
import org.apache.camel.builder.RouteBuilder;

/** Makes a route of the template {@code migrate-field} for every entry of the registry. */
final class FieldRoutes extends RouteBuilder implements Predicate<String> {

    private final List<Entry> entries;

    FieldRoutes(List<Entry> entries) {
        this.entries = entries;
    }

    @Override
    public void configure() {
        for (Entry entry : entries) {
            templatedRoute("migrate-field").routeId(entry.route()).parameter("field", entry.route());
        }
    }

    /** @return true when an operator has suspended or stopped this route */
    @Override
    public boolean test(String id) {
        Route route = getContext().getRoute(id);
        Consumer consumer = route == null ? null : route.getConsumer();
        return consumer instanceof StatefulService service
                && !service.getStatus().isStarted();
    }
}
