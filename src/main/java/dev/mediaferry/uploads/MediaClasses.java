package dev.mediaferry.uploads;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.registry.UploadType.Access;
import dev.mediaferry.storage.ColdObjects;
import dev.mediaferry.storage.ColdObjects.Moved;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which media are in which storage class: what nobody fetches is moved to a colder one, what is asked for comes back. */
public final class MediaClasses {

    private static final Logger LOG = LoggerFactory.getLogger(MediaClasses.class);

    private final ColdSettings settings;
    private final List<UploadType> types;
    private final ColdObjects objects;
    private final JdbcClient database;

    public MediaClasses(ColdSettings settings, List<UploadType> types, ColdObjects objects, Database database) {
        this.settings = settings;
        this.types = List.copyOf(types);
        this.objects = objects;
        this.database = database.client();
    }

    /** @return parameters of {@code media-cold.sql}; whom a public link leads to, reads without asking, so no archive takes those */
    public Map<String, Object> parameters(MediaSweep sweep) {
        boolean archive = settings.coldClass().filter(ColdObjects::isArchive).isPresent();
        return Map.of(
                "cools",
                settings.coldClass().isPresent(),
                "seconds",
                settings.coldAfter().toSeconds(),
                "most",
                ColdObjects.LARGEST,
                "types",
                types.stream()
                        .filter(type -> !archive || type.access() == Access.PRIVATE)
                        .map(UploadType::name)
                        .toArray(String[]::new));
    }

    public void found(MediaSweep sweep, List<ColdMedium> found) {
        sweep.addCold(found);
    }

    /** @return what is to be written down; null when the object is where it was */
    public MovedMedium move(MediaSweep sweep, ColdMedium medium) {
        try {
            boolean back = medium.isToBeRestored();
            Moved moved = back
                    ? objects.restore(medium.object(), medium.etag(), isShown(medium.mediaType()))
                    : objects.cool(
                            medium.object(),
                            medium.etag(),
                            settings.coldClass().orElseThrow(),
                            isShown(medium.mediaType()));
            switch (moved.outcome()) {
                case MOVED -> {
                    return new MovedMedium(
                            medium.id(),
                            medium.etag(),
                            moved.etag(),
                            back ? null : settings.coldClass().orElseThrow());
                }
                case RESTORING -> LOG.debug("{} is being restored", medium.id());
                case NOT_OFFERED -> {
                    LOG.warn("{} stays where it is: {}", medium.storageKey(), sentence(moved));
                    sweep.failed(1);
                }
                case GONE, CHANGED, TOO_LARGE -> {
                    LOG.warn("{} stays where it is: {}", medium.storageKey(), sentence(moved));
                    sweep.kept(1);
                }
            }
        } catch (RuntimeException e) {
            if (!FailureClassifier.isOfStore(e)) {
                throw e;
            }
            LOG.warn("{} stays where it is for now: {}", medium.storageKey(), e.getMessage());
            sweep.failed(1);
        }
        return null;
    }

    /**
     * Brings the object of a medium back, or has the store begin to. Sweeps go on with what takes the store its time.
     *
     * @throws ConfigurationException when there is no such medium, or its object is not there
     */
    public RestoreReport restore(UUID id) {
        ColdMedium medium = cold(id).orElseThrow(() -> new ConfigurationException("there is no medium " + id));
        if (medium.storageClass() == null) {
            return new RestoreReport(id, "not-cold", null);
        }
        Moved moved = objects.restore(medium.object(), medium.etag(), isShown(medium.mediaType()));
        return switch (moved.outcome()) {
            case MOVED -> {
                moved(new MovedMedium(id, medium.etag(), moved.etag(), null));
                yield new RestoreReport(id, "restored", null);
            }
            case RESTORING -> {
                Instant asked = restoreAsked(id);
                yield new RestoreReport(
                        id,
                        "restoring",
                        asked.plus(ColdObjects.longestRestore(medium.storageClass()))
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
            }
            default -> throw new ConfigurationException("medium " + id + " cannot be restored: " + sentence(moved));
        };
    }

    /** @return a medium as who moves its object needs it */
    private Optional<ColdMedium> cold(UUID id) {
        return database.sql(Database.statement("media-class"))
                .param("id", id)
                .query(new RecordMapper<>(ColdMedium.class))
                .optional();
    }

    /** Notes that the object is in another storage class now. */
    private void moved(MovedMedium moved) {
        database.sql(Database.statement("media-moved")).paramSource(moved).update();
    }

    /** @return when its object was first asked back */
    private Instant restoreAsked(UUID id) {
        return database.sql(Database.statement("media-restore-asked"))
                .param("id", id)
                .query((row, number) -> row.getTimestamp("restore_asked").toInstant())
                .single();
    }

    private static String sentence(Moved moved) {
        return switch (moved.outcome()) {
            case GONE -> "its object is not there";
            case CHANGED -> "its object is not what the ledger knows, or another's";
            case TOO_LARGE -> "its object has more than 5 GiB, and the store copies no more at once";
            default -> "the store has no such storage class, or does not restore";
        };
    }

    private boolean isShown(String mediaType) {
        Set<String> shown = types.stream()
                .filter(type -> type.access() == Access.PUBLIC && type.original() == UploadType.Original.KEEP)
                .map(UploadType::name)
                .collect(Collectors.toSet());
        return shown.contains(mediaType);
    }
}
