package dev.mediaferry.command;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What {@code --older-than} takes. */
final class Ages {

    private Ages() {}

    static Duration parse(CommandSpec spec, String value) {
        String text = value.toLowerCase(Locale.ROOT);
        if (!text.matches("\\d{1,5}[mhd]")) {
            throw new ParameterException(
                    spec.commandLine(), "--older-than must be an age like 90m, 24h or 7d, and is '" + value + "'");
        }
        return Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text);
    }
}
