package dev.mediaferry.engine;

import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.Claims;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;

/** Starts engines that wait less than a user's would. */
public final class ImpatientEngine {

    private ImpatientEngine() {}

    /**
     * @param firstProbe until a store that refuses everything is first asked whether it is well
     * @param most until a run ends because of it
     */
    public static Engine start(Settings settings, String registry, Duration firstProbe, Duration most) {
        return start(
                settings,
                registry,
                new Tempo(new StoreCircuits.Patience(firstProbe, most), Runs.READS_AGAIN, Claims.SENDS_AGAIN));
    }

    /** @param readsAgain between two readings of a column while a run lasts */
    public static Engine start(Settings settings, String registry, Duration readsAgain) {
        return start(settings, registry, new Tempo(StoreCircuits.Patience.STANDARD, readsAgain, Claims.SENDS_AGAIN));
    }

    /** Sends numbers of transfers once more as soon as nothing was heard of any for a moment. */
    public static Engine startSendingAgain(Settings settings, String registry) {
        return start(settings, registry, new Tempo(StoreCircuits.Patience.STANDARD, Runs.READS_AGAIN, Duration.ZERO));
    }

    private static Engine start(Settings settings, String registry, Tempo tempo) {
        return Engine.start(
                Services.open(settings),
                RegistryFile.parse("registry.yaml", registry),
                Path.of("routes").toAbsolutePath(),
                EnumSet.of(Capability.MIGRATE, Capability.IMPORT, Capability.ROLLBACK),
                tempo);
    }
}
