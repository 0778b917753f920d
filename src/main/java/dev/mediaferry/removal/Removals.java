package dev.mediaferry.removal;

import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.OwnObjects;
import dev.mediaferry.storage.Removal;
import dev.mediaferry.storage.Removal.Outcome;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes call to have objects removed, with what they carry along. */
public final class Removals {

    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

    private final List<Entry> holders;
    private final Buckets buckets;
    private final OwnObjects objects;

    /** @param entries all of the registry: whose rows may lead to an object */
    public Removals(Entries entries, Buckets buckets, OwnObjects objects) {
        this.holders = entries.all().stream()
                .filter(entry -> entry.holders().isPresent())
                .toList();
        this.buckets = buckets;
        this.objects = objects;
    }

    /** @return an empty page for a sweep */
    public RemovalPage page() {
        return new RemovalPage(buckets, true);
    }

    /** @return a page of objects whose transfers were rolled back */
    public RemovalPage page(List<Removal> removals) {
        RemovalPage page = new RemovalPage(buckets, false);
        removals.forEach(removal -> page.add(removal.id(), List.of(removal)));
        return page;
    }

    public void add(RemovalPage page, long id, List<Removal> removals) {
        page.add(id, removals);
    }

    /** Adds objects that stay, as others are to remove them. */
    public void keep(RemovalPage page, long id, List<Removal> removals) {
        page.add(id, removals);
        removals.forEach(removal -> page.settled(removal, Outcome.SHARED));
    }

    /** @return a search in each entry whose rows may lead to an object */
    public List<HolderSearch> searches(RemovalPage page) {
        return holders.stream().map(entry -> new HolderSearch(entry, page)).toList();
    }

    public void owned(RemovalPage page, List<RemovalPage.Owned> objects) {
        page.owned(objects);
    }

    public void held(HolderSearch search, List<RemovalPage.Held> values) {
        search.page().held(values);
    }

    public void remove(RemovalPage page, Removal removal) {
        if (page.goesOn(removal)) {
            Outcome outcome = objects.remove(removal);
            page.settled(removal, outcome);
            if (outcome.kept()) {
                LOG.warn("{} is kept: {}", removal.object().key(), outcome.reason());
            }
        }
    }

    public void failed(RemovalPage page, Removal removal, Throwable cause) {
        LOG.warn("an object could not be removed, it stays for now: {}", cause.getMessage());
        page.failed(removal);
    }
}
