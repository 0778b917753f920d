package dev.mediaferry.engine;

import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.main.Main;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesBuilderLoader;

/** Camel's Main for routes that bring no modelines and no beans of their own, so that each file is read once, not thrice. */
final class RoutesMain extends Main {

    /** @param bean is asked for once, when a route first refers to it */
    <T> void bind(String name, Class<T> type, Supplier<T> bean) {
        registry.bind(name, type, bean::get);
    }

    /** Camel would read the files here, too. */
    @Override
    protected void modelineRoutes(CamelContext context) throws Exception {
        RoutesBuilderLoader loader = new OneReading();
        context.addService(loader, true, true);
        context.getRegistry().bind("routesLoader", loader);
    }

    private static final class OneReading extends YamlRoutesBuilderLoader {
        @Override
        public void preParseRoute(Resource file) {}
    }
}
