package dev.mediaferry.engine;

import dev.mediaferry.archive.Archives;
import dev.mediaferry.derivatives.Derivations;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.OwnerCatalog;
import dev.mediaferry.entry.OwnerTable;
import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.imports.FolderCleaning;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.Imports;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.object.DerivativeKeyTemplate;
import dev.mediaferry.object.IncomingKey;
import dev.mediaferry.planning.LeftOutRows;
import dev.mediaferry.reference.References;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.status.Statuses;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.EntryOrders;
import dev.mediaferry.steer.Hosts;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.ColdObjects;
import dev.mediaferry.storage.ObjectStore;
import dev.mediaferry.uploads.ColdSettings;
import dev.mediaferry.uploads.MediaClasses;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.RestoreReport;
import dev.mediaferry.uploads.UploadSettings;
import dev.mediaferry.verify.Finding;
import dev.mediaferry.verify.Lookup;
import dev.mediaferry.verify.MediaPlaces;
import dev.mediaferry.verify.Orphans;
import dev.mediaferry.verify.PublicLinks;
import dev.mediaferry.video.FilmTools;
import dev.mediaferry.video.HeifTools;
import dev.mediaferry.video.VideoSettings;
import dev.mediaferry.webhooks.DeliveryLedger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The use cases over one registry: commands, routes, health and consoles all get theirs here, so each is put together in one
 * place. Made when first asked for; not for several threads. What needs routes, an {@link Engine} offers.
 */
public final class UseCases implements AutoCloseable {

    private final Services services;
    private final Registry registry;
    private Entries entries;
    private Buckets buckets;
    private Worker worker;
    private StorageBudget budget;
    private Imports imports;
    private List<OwnerTable> ownerTables;
    private References references;

    /** @param services stay open when this closes */
    public UseCases(Services services, Registry registry) {
        this.services = services;
        this.registry = registry;
    }

    Registry registry() {
        return registry;
    }

    /** All of the registry, as the database has them; its references fit the database, too. */
    public Entries entries() {
        if (entries == null) {
            entries = services.entries(registry);
            if (!registry.references().isEmpty()) {
                List<ReferenceTable> unused = services.references(registry);
            }
        }
        return entries;
    }

    public Buckets buckets() {
        if (buckets == null) {
            buckets = services.buckets(registry);
        }
        return buckets;
    }

    /** This process, as the ledger knows it from now on. */
    Worker worker() {
        if (worker == null) {
            try {
                worker = Worker.register(services.database());
            } catch (SQLException e) {
                throw new ServiceUnreachableException("the ledger does not answer: " + e.getMessage(), e);
            }
        }
        return worker;
    }

    /** How much imports may store. */
    StorageBudget importBudget() {
        if (budget == null) {
            budget = services.importBudget(worker());
        }
        return budget;
    }

    /** How the fields stand. */
    public Statuses statuses() {
        boolean films = registry.derivations().stream().anyMatch(Derivation::isOfFilms);
        boolean pictures = registry.derivations().stream().anyMatch(Derivation::isOfPictures);
        return new Statuses(
                services.database(),
                entries(),
                buckets(),
                ScheduleSettings.of(services.settings()),
                films ? Optional.of(new FilmTools(VideoSettings.of(services.settings()))) : Optional.empty(),
                pictures ? Optional.of(HeifTools.of(services.settings(), home())) : Optional.empty());
    }

    /** What a link or an object is about. */
    public Lookup lookup() {
        return new Lookup(services.database(), entries(), buckets());
    }

    /** What lies in the folder of a backup. */
    public Imports imports() {
        if (imports == null) {
            imports = new Imports(
                    registry, entries(), buckets(), services.database(), worker(), services.disks(), importBudget());
        }
        return imports;
    }

    /**
     * Takes files of a folder away that are imported and safe.
     *
     * @param moveTo where they go; empty to delete them
     */
    public FolderCleaning folderCleaning(ImportOptions folder, Optional<Path> moveTo) {
        return new FolderCleaning(
                services.database(), buckets(), entries().archives(), imports().begin(folder), moveTo);
    }

    /** How the caches stand, and which of their files may go. */
    public Archives archives() {
        return new Archives(services.database(), buckets(), entries().archives());
    }

    /** The rows that runs leave alone since they are invalid or foreign. */
    public LeftOutRows leftOutRows() {
        return new LeftOutRows(services.database(), buckets());
    }

    /** The tables of the application whose rows have uploaded media. */
    public List<OwnerTable> ownerTables() {
        if (ownerTables == null) {
            ownerTables =
                    OwnerCatalog.resolve(registry.uploads(), services.database().client());
        }
        return ownerTables;
    }

    /** How columns that name media change their shape. */
    public synchronized References references() {
        if (references == null) {
            references = new References(services.database(), registry, () -> services.references(registry));
        }
        return references;
    }

    /** How fast hosts are asked, and what operators want of them. */
    public Hosts hosts() {
        return new Hosts(
                services.database(),
                FetchSettings.of(services.settings()).pace(),
                entries().names());
    }

    /** Which entries operators have suspended. */
    public EntryOrders entryOrders() {
        return new EntryOrders(services.database(), entries().names());
    }

    /** Who has done what. */
    public AuditLog audit() {
        return new AuditLog(services.database());
    }

    /** What users have uploaded. */
    public MediaLedger media() {
        return new MediaLedger(services.database());
    }

    /** What is made of them, and of what entries have moved. */
    public Derivations derivations() {
        return new Derivations(registry, services.database());
    }

    /** Who has heard of what happened to them. */
    public DeliveryLedger deliveries() {
        return new DeliveryLedger(services.database());
    }

    /** @param client of the store */
    MediaClasses mediaClasses(Supplier<S3Client> client) {
        return new MediaClasses(
                ColdSettings.of(services.settings()),
                registry.uploads(),
                new ColdObjects(client, buckets(), services.database().ledgerId()),
                services.database());
    }

    /** Brings the object of a medium back from a colder storage class, or has the store begin to. */
    public RestoreReport restoreMedium(UUID id) {
        try (S3Client client = ObjectStore.client(buckets(), 1)) {
            return mediaClasses(() -> client).restore(id);
        } catch (SdkException e) {
            throw new ServiceUnreachableException("the object store does not answer: " + e.getMessage(), e);
        }
    }

    /** Where in the buckets uploads are. */
    MediaPlaces mediaPlaces() {
        return new MediaPlaces(
                registry.uploads(),
                registry.derivations().stream()
                        .flatMap(one -> Stream.of(one.thumbnailKey(), one.renditionKey()))
                        .map(DerivativeKeyTemplate::prefix)
                        .distinct()
                        .toList(),
                IncomingKey.prefix(
                        UploadSettings.of(services.settings()).incoming(),
                        services.database().ledgerId().value()));
    }

    /** Finds the objects that nobody owns. */
    public Orphans orphans() {
        return orphans(() -> {
            throw new IllegalStateException("orphans are removed by an engine");
        });
    }

    Orphans orphans(Runnable sweep) {
        return new Orphans(
                services.database(),
                buckets(),
                entries(),
                mediaPlaces(),
                services.sharing().deleteShared(),
                home(),
                sweep);
    }

    /** @param line receives each finding at once */
    public PublicLinks publicLinks(Consumer<Finding> line) {
        return new PublicLinks(services.database(), buckets(), FetchSettings.of(services.settings()), line);
    }

    Path home() {
        return services.settings().path("home");
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close();
        }
    }
}
