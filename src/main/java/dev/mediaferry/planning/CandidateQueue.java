package dev.mediaferry.planning;

import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.run.FieldRun;
import java.util.List;

/** Reports of the rows of a page what the ledger's queue says of them: whether they are new, or known and held back. */
public final class CandidateQueue {

    /** @param rows of a page that the ledger has taken as new */
    public void inserted(CandidatePage page, int rows) {
        page.inserted(rows);
    }

    /** @param moved rows of a page that was read again and that were moved before it was queued */
    public void joined(CandidatePage page, int moved) {
        page.field().joined(page.inserted() - moved, page.hosts());
    }

    /**
     * Counts what the ledger holds back of a page.
     *
     * @param rows of {@code known-transfers.sql}
     */
    public void known(CandidatePage page, List<KnownRows> rows) {
        FieldRun field = page.field();
        for (KnownRows row : rows) {
            long count = row.held() ? row.rows() : 0;
            if (!page.queued()) {
                field.following().orElseThrow().see(-count);
                continue;
            }
            String reason = reason(row.state());
            switch (row.state()) {
                case DEAD, ROLLED_BACK, DISCARDED -> field.census().leaveForGood(reason, count, row.atRisk());
                default -> field.census().leave(reason, count);
            }
            field.following().ifPresent(following -> following.held(reason, count));
        }
    }

    private static String reason(TransferState state) {
        return switch (state) {
            case ROLLED_BACK -> "rolledBack";
            case CLAIMED -> "elsewhere";
            default -> state.label();
        };
    }
}
