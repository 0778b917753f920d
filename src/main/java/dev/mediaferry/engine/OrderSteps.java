package dev.mediaferry.engine;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.steer.StandingOrder;
import dev.mediaferry.steer.StandingOrder.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;

/** Has this process do what operators want of hosts and entries. */
final class OrderSteps {

    private static final double SECOND = 1e9;

    private final HostLimits pace;
    private final Entries entries;
    private final Supplier<CamelContext> context;

    /** Routes that an order has suspended; what somebody has suspended by hand, an order does not resume. */
    private final Set<String> suspended = new HashSet<>();

    OrderSteps(HostLimits pace, Entries entries, Supplier<CamelContext> context) {
        this.pace = pace;
        this.entries = entries;
        this.context = context;
    }

    public synchronized void obey(List<StandingOrder> orders) throws Exception {
        pace.obey(orders.stream()
                .filter(order -> order.kind() == Kind.HOST)
                .collect(Collectors.toMap(StandingOrder::name, OrderSteps::wish)));
        Set<String> paused = orders.stream()
                .filter(order -> order.kind() == Kind.ENTRY && order.paused())
                .flatMap(order -> entries.find(order.name()).stream())
                .map(Entry::route)
                .collect(Collectors.toSet());
        RouteController routes = context.get().getRouteController();
        for (String route : paused) {
            if (routes.getRouteStatus(route) != null
                    && routes.getRouteStatus(route).isStarted()) {
                routes.suspendRoute(route);
                suspended.add(route);
            }
        }
        for (String route : Set.copyOf(suspended)) {
            if (!paused.contains(route)) {
                routes.resumeRoute(route);
                suspended.remove(route);
            }
        }
    }

    private static HostLimits.Wish wish(StandingOrder order) {
        return new HostLimits.Wish(
                order.rate() == null ? Duration.ZERO : Duration.ofNanos((long) (SECOND / order.rate())),
                order.paused());
    }
}
