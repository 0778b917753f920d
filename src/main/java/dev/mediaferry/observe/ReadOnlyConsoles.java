package dev.mediaferry.observe;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.impl.console.DefaultDevConsoleRegistry;

/**
 * The pages of Camel's developer console that show how the routes do, and change nothing. The others would evaluate
 * expressions, send messages or show every setting to anyone who can open the port.
 */
public final class ReadOnlyConsoles extends DefaultDevConsoleRegistry {

    private static final Set<String> SHOWN = Set.of(
            "blocked",
            "consumer",
            "context",
            "endpoint",
            "event",
            "health",
            "inflight",
            "memory",
            "route",
            "route-group",
            "route-structure",
            "service",
            "thread",
            "top");

    private static final Set<String> OPTIONS =
            Set.of("brief", "filter", "limit", "processors", "sortBy", Exchange.HTTP_PATH);

    /** What the HTTP server offers. The Camel CLI, which only the same user can attach, asks for single pages instead. */
    @Override
    public Stream<DevConsole> stream() {
        return super.stream().filter(console -> SHOWN.contains(console.getId())).map(ReadOnly::new);
    }

    private record ReadOnly(DevConsole console) implements DevConsole {

        @Override
        public Object call(MediaType mediaType, Map<String, Object> options) {
            Map<String, Object> harmless = new TreeMap<>(options);
            harmless.keySet().retainAll(OPTIONS);
            return console.call(mediaType, harmless);
        }

        @Override
        public boolean supportMediaType(MediaType mediaType) {
            return console.supportMediaType(mediaType);
        }

        @Override
        public String getGroup() {
            return console.getGroup();
        }

        @Override
        public String getId() {
            return console.getId();
        }

        @Override
        public String getDisplayName() {
            return console.getDisplayName();
        }

        @Override
        public String getDescription() {
            return console.getDescription();
        }
    }
}
