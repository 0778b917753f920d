package dev.mediaferry.command;

import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.engine.Services;
import dev.mediaferry.registry.Registry;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** What the commands about dead letters work with: the ledger, without any route being started. */
final class LedgerOptions {

    @Mixin
    private GlobalOptions global;

    <T> T ask(Function<DeadLetters, T> question) {
        Registry registry = global.registry();
        try (Services services = global.services()) {
            return question.apply(new DeadLetters(services.database(), services.entries(registry)));
        }
    }

    /** Texts from links and servers must not steer a terminal. */
    static String plain(String text) {
        return text == null ? "-" : text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}\\p{Cf}\\x{2028}\\x{2029}]", "?");
    }
}
