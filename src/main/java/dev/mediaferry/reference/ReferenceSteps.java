package dev.mediaferry.reference;

import dev.mediaferry.reference.ReferenceSession.Blocker;
import java.sql.SQLException;
import java.util.List;

/** What the routes of references call to take a step. */
public final class ReferenceSteps {

    private final ReferenceLedger ledger;

    public ReferenceSteps(ReferenceLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * Takes a step if nobody is in its way, else notes who is. It asks for no lock while a transaction on the table is old: what
     * came after it would wait behind it.
     *
     * @throws ReferenceRefusedException when others were in the way for too long
     */
    public void turn(StepRun run) throws SQLException {
        ReferenceSession session = run.session();
        if (run.id() == 0) {
            if (session.isDone(run.step())) {
                run.finish();
                return;
            }
            ledger.begin(run, session.reference());
        }
        if (run.attempts() > 0 && session.isDone(run.step())) {
            ledger.delayed(run, "another process has done it");
            run.finish();
            return;
        }
        if (run.isExhausted()) {
            String reason = "others were in its way each time";
            ledger.delayed(run, reason);
            throw refusal(run);
        }
        List<Blocker> blockers = run.step().concurrent() ? List.of() : session.blockers(run.step());
        if (!blockers.isEmpty()) {
            boolean changed = !pids(blockers).equals(pids(run.blockers()));
            run.blocked(blockers);
            if (changed) {
                ledger.delayed(run, null);
            }
            return;
        }
        if (session.attempt(run)) {
            check(run);
            run.finish();
        } else {
            run.refused();
            ledger.delayed(run, null);
        }
    }

    private static void check(StepRun run) throws SQLException {
        if (!run.session().isDone(run.step())) {
            throw new ReferenceRefusedException("the database took the step "
                    + run.step().name() + " of " + run.session().reference()
                    + ", and has not what it was to make: somebody else changes the table, too");
        }
    }

    /** Writes down that all steps of a command are done. */
    public void reached(ReferenceChange change) {
        ledger.reach(change.table().name(), change.target());
    }

    /** Looks whether a contract is over, or somebody has ended it or made it one that stays. */
    public void look(BrownOut brownOut) {
        if (!ledger.isUnderway(brownOut.reference())) {
            brownOut.end();
        }
    }

    private static List<Integer> pids(List<Blocker> blockers) {
        return blockers.stream().map(Blocker::pid).sorted().toList();
    }

    private static ReferenceRefusedException refusal(StepRun run) {
        String who = run.blockers().isEmpty()
                ? "its lock was not to be had"
                : Sql.each(run.blockers(), "; ", Blocker::words);
        return new ReferenceRefusedException(
                "the step " + run.step().name() + " of " + run.session().reference()
                        + " gives up after " + run.attempts() + " tries in " + run.waitedMillis() / 1000 + " s: " + who
                        + ". What was done before it stays; run the command again when the way is free");
    }
}
