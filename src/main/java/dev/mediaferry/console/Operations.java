package dev.mediaferry.console;

import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.status.Gauges;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.EntryOrders;
import dev.mediaferry.steer.Hosts;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * What the console shows and does: the use cases that commands and JMX have, too.
 *
 * @param rollback undoes what was moved, or says what that would do
 * @param storeHealth throws when the store does not answer
 */
public record Operations(
        Database database,
        Registry registry,
        Entries entries,
        FetchSettings fetch,
        Gauges gauges,
        ScheduleSettings schedule,
        DeadLetters deadLetters,
        Function<RollbackOptions, RollbackReport> rollback,
        Hosts hosts,
        EntryOrders entryOrders,
        AuditLog audit,
        Callable<?> storeHealth) {}
