package dev.mediaferry.engine;

import dev.mediaferry.entry.Entry;
import dev.mediaferry.ferry.HostAdmission;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.pace.Permit;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.storage.Circuit;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The steps and conditions of {@code ferry.camel.yaml} and {@code pace.camel.yaml} about when a transfer may ask its host, and
 * whether its bucket takes anything.
 */
final class AdmissionSteps {

    /** How long a transfer waits for its turn, in milliseconds. */
    private static final String WAIT = "wait";

    /** Longer than the turns of a host that is asked often are apart. */
    private static final Duration MOMENT = Duration.ofMillis(250);

    private final Runs runs;
    private final HostAdmission turns;
    private final StoreCircuits circuits;

    AdmissionSteps(Runs runs, HostAdmission turns, StoreCircuits circuits) {
        this.runs = runs;
        this.turns = turns;
        this.circuits = circuits;
    }

    void bind(Main main) {
        main.bind("take-permit", (Processor) this::takePermit);
        main.bind("reserve-turn", (Processor) this::reserveTurn);
        main.bind("has-to-wait", (Predicate) exchange -> turns.hasToWait(Ferrying.body(exchange, Transfer.class)));
        main.bind("has-to-come-back", (Predicate) AdmissionSteps::hasToComeBack);
        main.bind("time-to-wait", Ferrying.expression(exchange -> exchange.getProperty(WAIT)));
    }

    /** Late for its turn by a moment, a row comes back in a moment; one that has had no turn yet gets one. */
    private void reserveTurn(Exchange exchange) {
        Permit permit = exchange.getProperty(Ferrying.PERMIT, Permit.class);
        boolean late = permit != null
                && exchange.getProperty(FerryQueue.TURN) != null
                && permit.comeBackIn().compareTo(MOMENT) <= 0;
        Duration wait = permit != null && (late || permit.crowded())
                ? permit.comeBackIn()
                : turns.reserve(Ferrying.body(exchange, Transfer.class));
        exchange.setProperty(FerryQueue.TURN, System.nanoTime() + wait.toNanos());
        exchange.setProperty(WAIT, wait.plusNanos(999_999).toMillis());
    }

    /** A transfer that downloads keeps its place until it has its bytes; others need none. */
    private void takePermit(Exchange exchange) {
        FerryQueue.Place place = FerryQueue.place(exchange);
        boolean downloads = false;
        try {
            Optional<Permit> permit = permit(exchange);
            permit.ifPresentOrElse(
                    taken -> exchange.setProperty(Ferrying.PERMIT, taken),
                    () -> exchange.removeProperty(Ferrying.PERMIT));
            downloads = permit.map(Permit::begun).orElse(false);
        } finally {
            if (downloads) {
                exchange.getExchangeExtension().addOnCompletion(place);
            } else {
                place.leave();
            }
        }
    }

    private static boolean hasToComeBack(Exchange exchange) {
        Permit permit = exchange.getProperty(Ferrying.PERMIT, Permit.class);
        return permit != null && !permit.begun();
    }

    /** @return empty for files, and for what has expired, which asks nobody */
    private Optional<Permit> permit(Exchange exchange) {
        Transfer transfer = Ferrying.body(exchange, Transfer.class);
        if (transfer.expired()) {
            return Optional.empty();
        }
        turns.checkWanted(transfer);
        Runnable leaveStore = circuits.enter(transfer);
        boolean goesOn = false;
        try {
            Optional<Permit> permit = runs.entry(transfer.entry()).source() == Entry.Source.FILE
                    ? Optional.empty()
                    : Optional.of(turns.enter(transfer));
            goesOn = permit.map(Permit::begun).orElse(true);
            return permit;
        } finally {
            if (!goesOn) {
                leaveStore.run();
            } else if (leaveStore != Circuit.UNCOUNTED) {
                atTheEnd(exchange, leaveStore);
            }
        }
    }

    private static void atTheEnd(Exchange exchange, Runnable task) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                task.run();
            }
        });
    }
}
