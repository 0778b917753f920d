package dev.mediaferry.command;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Archive;
import dev.mediaferry.registry.Registry;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which archives of the registry a command is about. */
final class ArchiveNames {

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Of an archive in the registry. Default: all.")
    private List<String> names = List.of();

    /**
     * @return names of the entries that are meant
     * @throws ConfigurationException when there is none, or none of such a name
     */
    List<String> entries(Registry registry) {
        if (registry.archives().isEmpty()) {
            throw new ConfigurationException("the registry has no archives: name one under archives:");
        }
        List<String> entries = names.isEmpty()
                ? registry.archives().stream().map(Archive::name).toList()
                : names.stream().map(Archive::nameOf).toList();
        registry.check(entries);
        return entries;
    }
}
