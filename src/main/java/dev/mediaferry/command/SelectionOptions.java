package dev.mediaferry.command;

import dev.mediaferry.deadletter.DeadLetterFilter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. */
final class SelectionOptions {

    @Option(names = "--field", paramLabel = "F", description = "Only those of this field, Table.column.")
    private String field;

    @Option(
            names = "--kind",
            paramLabel = "K",
            description = "Only those of this kind of failure, like gone or too-large.")
    private String kind;

    @Option(names = "--host", paramLabel = "H", description = "Only those whose link leads to this host.")
    private String host;

    DeadLetterFilter selection(List<Long> ids) {
        return new DeadLetterFilter(
                ids, Optional.ofNullable(field), Optional.ofNullable(kind), Optional.ofNullable(host));
    }
}
