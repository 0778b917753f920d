package dev.mediaferry.ferry;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.ContentSettings;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.SuspectedContent;
import dev.mediaferry.ledger.Transfer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Holds back bytes that too many different links of one host give within a run: most likely what the host shows instead of
 * pictures that it no longer has. Remembers, per run, the hashes seen last, and for longer those seen for several links.
 * Its methods may be called from any thread.
 */
public final class RepeatedContent {

    /** Hashes of which one link is known, and of which several are. */
    private static final int SEEN_ONCE = 16_384;

    private static final int SEEN_AGAIN = 4_096;

    /** A process has no more runs under way than that. */
    private static final int RUNS = 4;

    /** How soon a run hears of a release. */
    private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final int most;
    private final BiPredicate<String, String> accepted;
    private final Map<Long, Seen> runs = new Latest<>(RUNS);

    public static RepeatedContent of(ContentSettings settings, Database database) {
        return new RepeatedContent(settings.sameBytes(), new SuspectedContent(database)::isAccepted);
    }

    /**
     * @param most different links that may give the same bytes; 0 for any number
     * @param accepted asked with host and hash whether an operator has released them
     */
    RepeatedContent(int most, BiPredicate<String, String> accepted) {
        this.most = most;
        this.accepted = accepted;
    }

    /** @throws TransferException when the bytes are to be held */
    public void check(Transfer transfer, Content content) {
        if (most == 0) {
            return;
        }
        Links links = seen(transfer.run()).links(transfer.host() + " " + content.sha256(), hash(transfer));
        if (links != null && !links.accepted(accepted, transfer.host(), content.sha256())) {
            throw new TransferException(
                    FailureKind.PLACEHOLDER_SUSPECTED,
                    "more than %1$d links of %2$s gave these very bytes, sha256 %3$s; if they are meant: mediaferry quarantine release %3$s --host %2$s"
                            .formatted(most, transfer.host(), content.sha256()));
        }
    }

    private Seen seen(long run) {
        synchronized (runs) {
            return runs.computeIfAbsent(run, id -> new Seen());
        }
    }

    /** A signed link is a new one each time it is handed out; what it leads to is said by its path. */
    private static int hash(Transfer transfer) {
        String url = transfer.url();
        int query = transfer.deadline().isPresent() ? url.indexOf('?') : -1;
        return (query < 0 ? url : url.substring(0, query)).hashCode();
    }

    private final class Seen {
        private final Map<String, Links> once = new Latest<>(SEEN_ONCE);
        private final Map<String, Links> again = new Latest<>(SEEN_AGAIN);

        /**
         * @param key host and hash; a text, since records are slow to compare until they are compiled
         * @return null when the link is one of the first
         */
        synchronized Links links(String key, int link) {
            Links links = again.get(key);
            if (links == null) {
                links = once.computeIfAbsent(key, unknown -> new Links());
            }
            boolean first = links.add(link, most);
            if (links.count == 2 && once.remove(key) != null) {
                again.put(key, links);
            }
            return first ? null : links;
        }
    }

    /** The links that gave the same bytes, by their hashes: two that collide count as one. */
    private static final class Links {
        private int[] hashes = new int[1];
        private int count;
        private boolean released;
        private long asked;

        boolean add(int link, int most) {
            for (int i = 0; i < count; i++) {
                if (hashes[i] == link) {
                    return true;
                }
            }
            if (count == most) {
                return false;
            }
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.min(most, count * 4));
            }
            hashes[count++] = link;
            return true;
        }

        synchronized boolean accepted(BiPredicate<String, String> ledger, String host, String sha256) {
            long now = System.nanoTime();
            if (!released && (asked == 0 || now - asked > ASK_AGAIN_NANOS)) {
                released = ledger.test(host, sha256);
                asked = now;
            }
            return released;
        }
    }

    /** Keeps the entries that were used last. */
    private static final class Latest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;

        private final int size;

        Latest(int size) {
            super(16, 0.75f, true);
            this.size = size;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > size;
        }
    }
}
