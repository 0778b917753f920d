package dev.mediaferry.fetch;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a server gives the same bytes twice: then a picture without the marker of its end is one, and not a connection
 * that broke. For any number of threads.
 */
public final class SeenTwice {

    /** Remembered at once. Of more, the oldest are asked for once more than needed. */
    private static final int MOST = 10_000;

    private final Map<Long, String> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MOST;
        }
    };

    /** @throws TransferException unless the transfer's last attempt gave these bytes, too */
    public synchronized void check(long transfer, String sha256) {
        if (!sha256.equals(seen.put(transfer, sha256))) {
            throw new TransferException(
                    FailureKind.TRUNCATED,
                    "the picture lacks the marker of its end; it is stored when the server gives the same bytes again");
        }
        seen.remove(transfer);
    }
}
