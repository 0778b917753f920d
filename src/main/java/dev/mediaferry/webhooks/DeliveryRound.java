package dev.mediaferry.webhooks;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The deliveries of one process that are due, page by page, on their way through the routes. */
public final class DeliveryRound {

    /** Deliveries that one process has at once. */
    private static final int PAGE = 50;

    /** After this others may deliver: longer than a page takes when no target answers. */
    private static final int LEASE_SECONDS = 300;

    private final Set<DeliveryTarget> targets;
    private boolean unfinished;

    DeliveryRound(Set<DeliveryTarget> targets) {
        this.targets = Set.copyOf(targets);
        this.unfinished = !targets.isEmpty();
    }

    /** @return parameters of {@code delivery-claim.sql} */
    public Map<String, Object> claim() {
        return Map.of(
                "targets",
                targets.stream().map(DeliveryTarget::inLedger).toArray(String[]::new),
                "most",
                PAGE,
                "seconds",
                LEASE_SECONDS);
    }

    /** True when there may be more to deliver. */
    public boolean isUnfinished() {
        return unfinished;
    }

    void claimed(List<DueDelivery> due) {
        unfinished = due.size() >= PAGE;
    }
}
