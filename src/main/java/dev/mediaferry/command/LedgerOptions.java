package dev.mediaferry.command;

import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** What the commands about dead letters work with. */
final class LedgerOptions {

    @Mixin
    private GlobalOptions global;

    <T> T ask(Function<DeadLetters, T> question) {
        try (Engine engine = global.engine(global.registry(), Capability.DEAD_LETTERS)) {
            return question.apply(engine.deadLetters());
        }
    }

    /** Asks for something to be done, with a line in the audit log. */
    <T> T act(String act, Map<String, ?> subject, Function<DeadLetters, T> question) {
        try (Engine engine = global.engine(global.registry(), Capability.DEAD_LETTERS)) {
            return Audited.act(engine.cases().audit(), act, subject, who -> question.apply(engine.deadLetters()));
        }
    }

    /** Texts from links and servers must not steer a terminal. */
    static String plain(String text) {
        return text == null ? "-" : text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}\\p{Cf}\\x{2028}\\x{2029}]", "?");
    }
}
