package dev.mediaferry.command;

import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.AuditLog.Actor;
import java.util.Map;
import java.util.function.Function;

/** Acts of commands, which the audit log has like those of the console: by the user of the machine. */
final class Audited {

    private Audited() {}

    static String who() {
        return System.getProperty("user.name");
    }

    /**
     * @param act like discard-dead-letters
     * @param subject of what
     * @param work is given who acts
     */
    static <T> T act(AuditLog audit, String act, Map<String, ?> subject, Function<String, T> work) {
        String who = who();
        return audit.act(new Actor(who, "command"), act, subject, id -> work.apply(who));
    }
}
