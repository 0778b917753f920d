package dev.mediaferry.engine;

import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** Camel's Main for routes that bring no modelines and no beans of their own, so that each file is read once, not twice. */
final class RoutesMain extends Main {

    /** @param bean is asked for once, when a route first refers to it */
    <T> void bind(String name, Class<T> type, Supplier<T> bean) {
        registry.bind(name, type, bean::get);
    }

    @Override
    protected void modelineRoutes(CamelContext context) {}
}
