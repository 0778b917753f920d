package dev.mediaferry.engine;

import dev.mediaferry.uploads.UploadRecovery;
import dev.mediaferry.uploads.UploadSettings;
import java.util.concurrent.Executors;
import org.apache.camel.main.Main;

/** What the routes refer to by name that take away, or complete, what clients have left. */
final class UploadSweepBeans {

    /** Uploads that are looked for at the same time: completing a large one takes its time. */
    private static final int LOOKING = 4;

    private final Parts parts;

    UploadSweepBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        Main main = parts.main();
        main.bind("mediaSweeps", parts.uploads().mediaSweeps());
        main.bind(
                "uploadRecovery",
                new UploadRecovery(
                        parts.registry().uploads(),
                        parts.uploads().media(),
                        parts.services().database().ledgerId(),
                        parts.uploads().completions(),
                        parts.buckets(),
                        parts.uploads().incomingObjects(),
                        UploadSettings.of(parts.settings())));
        main.bind("recoveryPool", parts.resources().pool(Executors.newFixedThreadPool(LOOKING)));
        main.bind("mediaClasses", parts.uploads().mediaClasses());
        parts.statements().uploadSweeps(parts.uploads().mediaClasses());
    }
}
