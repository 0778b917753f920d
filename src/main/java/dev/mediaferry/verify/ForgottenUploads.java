package dev.mediaferry.verify;

import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Upload;
import dev.mediaferry.verify.Finding.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Multipart uploads of clients that cost space and of which no session knows. */
final class ForgottenUploads {

    private static final int PAGE = 1000;

    private final Bucket bucket;
    private final LedgerReader ledger;
    private final String prefix;
    private final Instant before;

    /** @param before when they began at the latest; what is younger may be about to be written down */
    ForgottenUploads(Bucket bucket, LedgerReader ledger, String prefix, Instant before) {
        this.bucket = bucket;
        this.ledger = ledger;
        this.prefix = prefix;
        this.before = before;
    }

    void each(Consumer<Finding> found) {
        Iterator<Upload> uploads = bucket.uploads(prefix);
        while (uploads.hasNext()) {
            List<Upload> page = new ArrayList<>();
            while (uploads.hasNext() && page.size() < PAGE) {
                Upload upload = uploads.next();
                if (upload.begun().isBefore(before)) {
                    page.add(upload);
                }
            }
            Set<String> unknown = ledger.unknownUploads(page);
            page.stream()
                    .filter(upload -> unknown.contains(upload.id()))
                    .map(upload -> new Finding(
                            Kind.UPLOAD_WITHOUT_SESSION.label(),
                            "",
                            "",
                            upload.key(),
                            "a multipart upload since " + upload.begun() + " of which no session knows"))
                    .forEach(found);
        }
    }
}
