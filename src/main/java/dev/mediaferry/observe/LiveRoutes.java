package dev.mediaferry.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedBeanMBean;
import org.apache.camel.api.management.mbean.ManagedProcessMBean;
import org.apache.camel.api.management.mbean.ManagedProcessorMBean;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.api.management.mbean.ManagedSendProcessorMBean;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** The routes as they run in this process, with what they have counted since its start. */
public final class LiveRoutes {

    /** Routes that a route leads to are in the same process, whether it waits for them or not. */
    private static final Pattern CALL = Pattern.compile("(?:direct|seda)(?:://|:)([a-zA-Z0-9._-]+).*");

    /** A step that takes more than its share of a route, and long enough to matter. */
    private static final double SLOW_SHARE = 0.5;

    private static final long SLOW_MILLIS = 200;

    private final Supplier<CamelContext> context;

    /**
     * A route.
     *
     * @param calls ids of the routes that it leads to
     * @param done exchanges that ended, well or not
     * @param meanMillis of one
     */
    public record LiveRoute(
            String id,
            String group,
            String description,
            String note,
            String from,
            String state,
            List<String> calls,
            long done,
            long failed,
            long inFlight,
            long meanMillis,
            long maxMillis) {}

    /**
     * A step of a route.
     *
     * @param slow true when the route spends most of its time here
     */
    public record LiveStep(
            String id, String what, long done, long failed, long inFlight, long meanMillis, boolean slow) {}

    /** @param context that runs them */
    public LiveRoutes(Supplier<CamelContext> context) {
        this.context = context;
    }

    public List<LiveRoute> all() {
        Model model = model();
        return context.get().getRoutes().stream()
                .map(route -> route(model, route.getRouteId()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** @return empty when there is none of that id */
    public Optional<LiveRoute> find(String id) {
        return route(model(), id);
    }

    /** @return the steps of a route, in their order; none when there is no such route */
    public List<LiveStep> steps(String route) {
        ManagedCamelContext managed = managed();
        ManagedRouteMBean bean = managed.getManagedRoute(route);
        if (bean == null) {
            return List.of();
        }
        List<ManagedProcessorMBean> steps = new ArrayList<>();
        Collection<String> ids;
        try {
            ids = bean.processorIds();
        } catch (Exception e) {
            throw new IllegalStateException("the steps of " + route + " cannot be listed", e);
        }
        for (String id : ids) {
            ManagedProcessorMBean step = managed.getManagedProcessor(id);
            if (step != null) {
                steps.add(step);
            }
        }
        return steps.stream()
                .sorted(Comparator.comparing(ManagedProcessorMBean::getIndex))
                .map(step -> step(bean, step))
                .toList();
    }

    private static LiveStep step(ManagedRouteMBean route, ManagedProcessorMBean step) {
        long spent = step.getTotalProcessingTime();
        boolean slow =
                step.getMeanProcessingTime() >= SLOW_MILLIS && spent > SLOW_SHARE * route.getTotalProcessingTime();
        return new LiveStep(
                step.getProcessorId(),
                what(step),
                step.getExchangesTotal(),
                step.getExchangesFailed(),
                step.getExchangesInflight(),
                Math.max(0, step.getMeanProcessingTime()),
                slow);
    }

    /** What it does, and to what. */
    private static String what(ManagedProcessorMBean step) {
        String name = Objects.toString(step.getProcessorName(), "");
        if (step instanceof ManagedSendProcessorMBean send) {
            return name + " " + Objects.toString(send.getDestination(), "").replaceFirst("[?].*", "");
        }
        if (step instanceof ManagedBeanMBean bean) {
            return name + " " + Objects.toString(bean.getMethod(), "");
        }
        return step instanceof ManagedProcessMBean process ? name + " " + Objects.toString(process.getRef(), "") : name;
    }

    private Optional<LiveRoute> route(Model model, String id) {
        ManagedRouteMBean bean = managed().getManagedRoute(id);
        RouteDefinition definition = model.getRouteDefinition(id);
        if (bean == null || definition == null) {
            return Optional.empty();
        }
        return Optional.of(new LiveRoute(
                id,
                Objects.toString(bean.getRouteGroup(), ""),
                Objects.toString(bean.getDescription(), ""),
                Objects.toString(definition.getNote(), ""),
                Objects.toString(definition.getInput().getEndpointUri(), "").replaceFirst("[?].*", ""),
                bean.getState().toLowerCase(Locale.ROOT),
                calls(definition),
                bean.getExchangesTotal(),
                bean.getExchangesFailed(),
                bean.getExchangesInflight(),
                Math.max(0, bean.getMeanProcessingTime()),
                Math.max(0, bean.getMaxProcessingTime())));
    }

    private static List<String> calls(RouteDefinition route) {
        Set<String> calls = new LinkedHashSet<>();
        for (ToDefinition to : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            Matcher call = CALL.matcher(Objects.toString(to.getEndpointUri(), ""));
            if (call.matches()) {
                calls.add(call.group(1));
            }
        }
        return List.copyOf(calls);
    }

    private Model model() {
        return context.get().getCamelContextExtension().getContextPlugin(Model.class);
    }

    private ManagedCamelContext managed() {
        return context.get().getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
    }
}
