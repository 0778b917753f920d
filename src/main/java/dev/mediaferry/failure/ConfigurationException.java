package dev.mediaferry.failure;

import java.util.List;

/** Settings, registry or command line cannot be used as they are. Names every problem at once. */
public final class ConfigurationException extends MediaferryException {

    public ConfigurationException(String problem) {
        super(problem);
    }

    public ConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
