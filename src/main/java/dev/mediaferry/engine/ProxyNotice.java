package dev.mediaferry.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Says which of the usual settings of a proxy apply, and to what. */
final class ProxyNotice {

    private static final List<String> VARIABLES = List.of("https_proxy", "http_proxy", "all_proxy");
    private static final List<String> PROPERTIES = List.of("https.proxyHost", "http.proxyHost", "socksProxyHost");

    private ProxyNotice() {}

    /** @return a sentence for the operator; empty when no proxy is set */
    static Optional<String> of(Map<String, String> environment, Properties properties) {
        Stream<String> variables = environment.entrySet().stream()
                .filter(entry -> !entry.getValue().isBlank())
                .map(Map.Entry::getKey)
                .filter(name -> VARIABLES.stream().anyMatch(name::equalsIgnoreCase));
        Stream<String> system = PROPERTIES.stream().filter(name -> properties.getProperty(name) != null);
        List<String> names = Stream.concat(variables, system).sorted().toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("a proxy is set (" + String.join(", ", names) + "): requests to the store use it, but"
                        + " downloads go to their hosts directly, so that private addresses stay out of reach");
    }
}
