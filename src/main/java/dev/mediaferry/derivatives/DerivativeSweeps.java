package dev.mediaferry.derivatives;

import dev.mediaferry.object.ObjectName;
import dev.mediaferry.removal.RemovalPage;
import dev.mediaferry.removal.Removals;
import dev.mediaferry.storage.Removal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes away the objects of derivatives that gave way to new versions, or whose original is gone. */
public final class DerivativeSweeps {

    /** Objects of a bucket that {@code derivative-removals.sql} gives at once. */
    private static final int PAGE = 1000;

    private final Removals removals;

    public DerivativeSweeps(Removals removals) {
        this.removals = removals;
    }

    /** An object that is to be removed. */
    public record Leaving(long id, String bucket, String storageKey, String etag, String sha256) {}

    public DerivativeSweep begin() {
        return new DerivativeSweep();
    }

    /** @return what is to be removed, by bucket */
    public List<RemovalPage> pages(DerivativeSweep sweep, List<Leaving> leaving) {
        Map<Optional<String>, List<Leaving>> byBucket = leaving.stream()
                .collect(Collectors.groupingBy(
                        one -> Optional.ofNullable(one.bucket()), LinkedHashMap::new, Collectors.toList()));
        sweep.goesOn(byBucket.values().stream().anyMatch(page -> page.size() >= PAGE));
        return byBucket.values().stream().map(this::page).toList();
    }

    private RemovalPage page(List<Leaving> leaving) {
        RemovalPage page = removals.page();
        for (Leaving one : leaving) {
            removals.add(
                    page,
                    one.id(),
                    List.of(new Removal(
                            one.id(),
                            new ObjectName(one.bucket(), one.storageKey()),
                            false,
                            one.etag(),
                            one.sha256())));
        }
        return page;
    }
}
