package dev.mediaferry.command;

import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Numbers that options of several commands take, checked. */
final class Bounds {

    private static final int MOST_CLAIMED = 10_000;

    private Bounds() {}

    /** @param limit null when none was given */
    static OptionalLong limit(CommandSpec spec, Long limit) {
        if (limit == null) {
            return OptionalLong.empty();
        }
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        return OptionalLong.of(limit);
    }

    /** @param rows null when none were given */
    static OptionalInt batchSize(CommandSpec spec, Integer rows) {
        if (rows == null) {
            return OptionalInt.empty();
        }
        if (rows < 1 || rows > MOST_CLAIMED) {
            throw new ParameterException(spec.commandLine(), "--batch-size must be from 1 to " + MOST_CLAIMED);
        }
        return OptionalInt.of(rows);
    }
}
