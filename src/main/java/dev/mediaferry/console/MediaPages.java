package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaQuery;
import dev.mediaferry.uploads.MediaState;
import dev.mediaferry.uploads.MediaUsage;
import dev.mediaferry.uploads.Medium;
import dev.mediaferry.uploads.SweepReport;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What users have uploaded, and what runs have made media: how they stand, what they take, what sweeps would remove. */
final class MediaPages {

    private static final int PAGE = 50;
    private static final int MOST_USAGE = 100;
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Registry registry;
    private final MediaLedger media;
    private final Function<Boolean, SweepReport> sweep;
    private final Acts acts;
    private final Snapshot<Usage> usage;

    /** What media take. */
    public record Usage(List<MediaUsage> types, List<MediaUsage> states, List<MediaUsage> classes) {}

    MediaPages(Operations operations, Acts acts, Executor counting) {
        this.registry = operations.registry();
        this.media = operations.media();
        this.sweep = operations.sweepUploads();
        this.acts = acts;
        this.usage = new Snapshot<>(
                () -> new Usage(
                        media.usage(MediaUsage.By.TYPE, MOST_USAGE),
                        media.usage(MediaUsage.By.STATE, MOST_USAGE),
                        media.usage(MediaUsage.By.CLASS, MOST_USAGE)),
                counting);
    }

    Answer show(Asked asked) {
        Optional<String> type = asked.query("type");
        Optional<String> status = asked.query("status").filter(name -> Arrays.stream(MediaState.values())
                .anyMatch(state -> state.name().equals(name)));
        UUID before = asked.query("before").flatMap(MediaPages::id).orElse(null);
        List<Medium> found = media.list(new MediaQuery(null, type.orElse(null), status.orElse(null), before, PAGE + 1));
        Map<String, Object> model = new HashMap<>();
        usage().ifPresent(taken -> {
            model.put("usage", taken.value());
            model.put("counted", taken.at());
        });
        model.put("media", found.subList(0, Math.min(PAGE, found.size())));
        if (found.size() > PAGE) {
            model.put("older", found.get(PAGE - 1).id().toString());
        }
        model.put("type", type.orElse(""));
        model.put("status", status.orElse(""));
        model.put("types", registry.uploads().stream().map(UploadType::name).toList());
        model.put(
                "states",
                Arrays.stream(MediaState.values()).map(MediaState::name).toList());
        return new Answer.Page("media", model);
    }

    /** Says what a sweep would do, or has one done. */
    Answer sweep(Asked asked) {
        if (registry.uploads().isEmpty()) {
            throw new ConfigurationException("the registry has no uploads, so there is nothing to sweep");
        }
        boolean dryRun = asked.form("wish").filter("sweep"::equals).isEmpty();
        return acts.later(
                asked.visitor(), dryRun ? "preview-sweep" : "sweep-media", Map.of(), progress -> sweep.apply(dryRun));
    }

    private Optional<Snapshot.Taken<Usage>> usage() {
        try {
            return usage.latest(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static Optional<UUID> id(String text) {
        return text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }
}
