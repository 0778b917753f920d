package dev.mediaferry.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --limit} of commands that list. */
final class LimitOption {

    private static final int MOST = 1000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private int limit;

    /** @throws ParameterException when it is less than 1 or more than 1000 */
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most to list, 1 to 1000. Default: ${DEFAULT-VALUE}")
    void limit(int given) {
        if (given < 1 || given > MOST) {
            throw new ParameterException(spec.commandLine(), "--limit must be from 1 to " + MOST);
        }
        limit = given;
    }

    int value() {
        return limit;
    }
}
