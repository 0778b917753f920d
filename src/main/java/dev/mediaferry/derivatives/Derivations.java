package dev.mediaferry.derivatives;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Derivation.Group;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.settings.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What somebody asks to be made of what is there already, and how that stands. */
public final class Derivations {

    private static final int DEAD_SHOWN = 100;

    private final Registry registry;
    private final JdbcClient database;

    public Derivations(Registry registry, Database database) {
        this.registry = registry;
        this.database = database.client();
    }

    /** Whose objects are looked at: those of an entry, or of a type of uploads. */
    private record Target(String entry, String mediaType, Derivation derivation) {

        String name() {
            return entry == null ? mediaType : entry;
        }
    }

    /**
     * Asks for jobs; any process with free seats makes them.
     *
     * @param request what their progress is asked by
     * @return how many
     * @throws ConfigurationException when there is no such entry, type or medium, or nothing is made of it
     */
    public long ask(DeriveOptions options, UUID request) {
        return targets(options).stream()
                .mapToLong(target -> ask(target, options, request))
                .sum();
    }

    private long ask(Target target, DeriveOptions options, UUID request) {
        List<Group> groups = target.derivation().groups();
        List<Slot> slots = PictureJobs.slots(target.derivation());
        return statement("derive-find")
                .param("entry", target.entry())
                .param("mediaType", target.mediaType())
                .param("medium", options.medium().orElse(null))
                .param("contents", groups.stream().map(Group::content).toArray(String[]::new))
                .param(
                        "kinds",
                        groups.stream().map(group -> group.kind().label()).toArray(String[]::new))
                .param("parts", groups.stream().map(Group::part).toArray(String[]::new))
                .param("priorities", groups.stream().map(Group::priority).toArray(Integer[]::new))
                .param("required", groups.stream().map(Group::required).toArray(Boolean[]::new))
                .param(
                        "slotKinds",
                        slots.stream().map(slot -> slot.kind().label()).toArray(String[]::new))
                .param("slotSizes", slots.stream().map(Slot::size).toArray(Integer[]::new))
                .param("slotFormats", slots.stream().map(Slot::format).toArray(String[]::new))
                .param("mode", options.mode().name().toLowerCase(Locale.ROOT))
                .param("again", options.force())
                .param("request", request)
                .param("dryRun", options.dryRun())
                .query(Long.class)
                .single();
    }

    private List<Target> targets(DeriveOptions options) {
        List<Target> all = new ArrayList<>();
        for (String entry : registry.names()) {
            registry.derivation(entry)
                    .ifPresent(derivation ->
                            all.add(new Target(entry, registry.mediaType(entry).orElse(null), derivation)));
        }
        for (UploadType type : registry.uploads()) {
            type.derivation().ifPresent(derivation -> all.add(new Target(null, type.name(), derivation)));
        }
        if (all.isEmpty()) {
            throw new ConfigurationException(
                    "the registry has no derivatives made: define them under derivatives: and name them on entries and uploads");
        }
        Optional<String> wanted = options.medium().map(this::targetOf).or(options::entry);
        if (wanted.isEmpty()) {
            return all;
        }
        List<Target> chosen =
                all.stream().filter(one -> one.name().equals(wanted.get())).toList();
        if (chosen.isEmpty()) {
            List<String> names = all.stream().map(Target::name).toList();
            throw new ConfigurationException("nothing is made of " + wanted.get()
                    + Names.nearest(wanted.get(), names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; derivatives are made of " + String.join(", ", names)));
        }
        return chosen;
    }

    /** @return the entry that has made a medium, or the type that was uploaded */
    private String targetOf(UUID medium) {
        return statement("derive-origin")
                .param("id", medium)
                .query(String.class)
                .optional()
                .orElseThrow(() -> new ConfigurationException("there is no medium " + medium));
    }

    public DeriveReport progress(UUID request) {
        return statement("derive-request")
                .param("request", request)
                .query((row, number) -> new DeriveReport(
                        row.getLong("asked"), row.getLong("done"), row.getLong("dead"), row.getLong("later"), false))
                .single();
    }

    public DeriveStatus status() {
        return new DeriveStatus(
                statement("derive-states")
                        .query(new RecordMapper<>(DeriveStatus.Jobs.class))
                        .list(),
                statement("derivative-states")
                        .query(new RecordMapper<>(DeriveStatus.Derivatives.class))
                        .list(),
                statement("derive-dead")
                        .param("limit", DEAD_SHOWN)
                        .query(new RecordMapper<>(DeriveStatus.Dead.class))
                        .list());
    }

    /** @return how many derivatives are missing that the registry wants, by entry or type */
    public Stream<Missing> missing() {
        DeriveOptions count =
                new DeriveOptions(Optional.empty(), Optional.empty(), DeriveOptions.Mode.MISSING, false, true);
        return targets(count).stream()
                .map(target -> new Missing(target.name(), ask(target, count, null)))
                .filter(one -> one.jobs() > 0);
    }

    /** @param jobs that were never asked for, or that lack something */
    public record Missing(String origin, long jobs) {}

    private JdbcClient.StatementSpec statement(String name) {
        return database.sql(Database.statement(name));
    }
}
