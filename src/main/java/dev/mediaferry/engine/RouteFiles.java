package dev.mediaferry.engine;

import dev.mediaferry.failure.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which route files Camel reads. It makes every route that it reads, which is most of what a short command takes. */
final class RouteFiles {

    static final String SUFFIX = ".camel.yaml";

    private final Collection<Capability> capabilities;

    RouteFiles(Collection<Capability> capabilities) {
        this.capabilities = capabilities;
    }

    /** @return the files that are needed, as Camel expects them: separated by commas */
    String in(Path routes) {
        if (!Files.isDirectory(routes)) {
            throw new ConfigurationException("no routes in " + routes + ": start Mediaferry by its launcher");
        }
        return Stream.concat(
                        Stream.of(Capability.POLICIES),
                        capabilities.stream().flatMap(capability -> capability.routeFiles().stream()))
                .sorted()
                .map(name -> "file:" + routes.resolve(name + SUFFIX))
                .collect(Collectors.joining(","));
    }
}
