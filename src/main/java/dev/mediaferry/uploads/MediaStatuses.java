package dev.mediaferry.uploads;

import dev.mediaferry.api.Caller;
import dev.mediaferry.api.StatusStreams.Status;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** How media stand, for those who listen until they are done. */
public final class MediaStatuses {

    private static final Set<MediaState> LAST = Set.of(MediaState.READY, MediaState.FAILED);

    private final MediaLedger ledger;
    private final MediaDocuments documents;

    public MediaStatuses(MediaLedger ledger, MediaDocuments documents) {
        this.ledger = ledger;
        this.documents = documents;
    }

    /** @return empty when there is no such medium for this caller */
    public Optional<Status> of(Caller caller, UUID id) {
        return ledger.find(id, caller.admin() ? null : caller.user())
                .map(medium -> statuses(List.of(medium)).get(0));
    }

    /** Those that are still there. */
    public List<Status> of(Collection<UUID> ids) {
        return statuses(ledger.some(ids));
    }

    private List<Status> statuses(List<Medium> media) {
        return documents.statuses(media).stream()
                .map(one -> new Status(
                        one.medium().id(),
                        one.document(),
                        LAST.contains(one.medium().status())))
                .toList();
    }
}
