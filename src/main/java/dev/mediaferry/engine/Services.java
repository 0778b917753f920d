package dev.mediaferry.engine;

import dev.mediaferry.embedded.EmbeddedServers;
import dev.mediaferry.entry.ArchiveCatalog;
import dev.mediaferry.entry.Catalog;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.entry.ImportCatalog;
import dev.mediaferry.entry.ReferenceCatalog;
import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.fetch.SpoolDirectory;
import dev.mediaferry.imports.Disks;
import dev.mediaferry.imports.ImportSettings;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.DatabaseSettings;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.ledger.LedgerSchema;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.reference.ReferenceLedger;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.SharingSettings;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.storage.Stores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database and the store that a process works with: the user's, or the embedded ones. */
public final class Services implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    /** The routes of the fields, the relink and the schedule each hold one for moments. */
    private static final int CONNECTIONS = 10;

    private final Settings given;
    private final Settings settings;
    private final Optional<EmbeddedServers> embedded;
    private final StorageSettings storage;
    private final Database database;

    private Services(
            Settings given,
            Settings settings,
            Optional<EmbeddedServers> embedded,
            StorageSettings storage,
            Database database) {
        this.given = given;
        this.settings = settings;
        this.embedded = embedded;
        this.storage = storage;
        this.database = database;
    }

    /** @throws ServiceUnreachableException when the database does not answer */
    public static Services open(Settings given) {
        return open(given, given.path("home").resolve("postgres-bin"));
    }

    /** @param binaries directory that the embedded PostgreSQL's programs are unpacked into */
    public static Services open(Settings given, Path binaries) {
        Services services = openAnyLedger(given, binaries);
        try {
            LedgerId unused = services.database().ledgerId();
            services.stores().check();
            return services;
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
    }

    /** Opens also the ledger of a copied database, or of another bucket, for those who say what it is. */
    public static Services openAnyLedger(Settings given) {
        return openAnyLedger(given, given.path("home").resolve("postgres-bin"));
    }

    private static Services openAnyLedger(Settings given, Path binaries) {
        Settings settings = given;
        boolean needsDatabase = DatabaseSettings.of(settings).isEmpty();
        boolean needsStorage = StorageSettings.embedded(settings);
        Optional<EmbeddedServers> embedded = Optional.empty();
        if (needsDatabase || needsStorage) {
            Path home = settings.path("home");
            EmbeddedServers servers = EmbeddedServers.start(home, binaries, needsDatabase, needsStorage);
            servers.owner(home)
                    .ifPresent(pid -> LOG.warn(
                            "process {} runs the embedded servers of {}; this one uses them while it lives",
                            pid,
                            home));
            embedded = Optional.of(servers);
            if (needsDatabase) {
                settings = settings.with(servers.databaseSettings());
            }
            if (needsStorage) {
                settings = settings.with(servers.storageSettings());
            }
        }
        try {
            StorageSettings storage = StorageSettings.of(settings);
            storage.checkPublicUrl(settings.optional("storage.public-url").isPresent());
            Database database =
                    Database.open(DatabaseSettings.of(settings).orElseThrow(), LedgerSchema.of(settings), CONNECTIONS);
            return new Services(given, settings, embedded, storage, database.migrate());
        } catch (RuntimeException | Error e) {
            embedded.ifPresent(EmbeddedServers::close);
            throw e;
        }
    }

    /** The settings given, with the addresses of embedded servers filled in. */
    public Settings settings() {
        return settings;
    }

    public StorageSettings storage() {
        return storage;
    }

    /** The buckets of a registry, in the store of this process. */
    public Buckets buckets(Registry registry) {
        return stores().buckets(registry.buckets());
    }

    /** Where the ledger has objects. */
    public Stores stores() {
        return new Stores(database, storage, sharing());
    }

    /** What is known of others that use the buckets. */
    public SharingSettings sharing() {
        return SharingSettings.of(settings);
    }

    /** Where an import needs room on this machine. */
    public Disks disks() {
        Path home = settings.path("home");
        Optional<Path> objects =
                Optional.of(EmbeddedServers.objects(home)).filter(directory -> StorageSettings.embedded(given));
        return new Disks(
                objects, SpoolDirectory.of(home), FetchSettings.of(settings).transfers());
    }

    /** How much imports may store. */
    public StorageBudget importBudget(Worker worker) {
        return new StorageBudget(ImportSettings.of(settings).maxStored(), database, worker);
    }

    public Database database() {
        return database;
    }

    /** @throws ConfigurationException naming every entry that the database cannot offer */
    public Entries entries(Registry registry) {
        try {
            List<Entry> entries = new ArrayList<>();
            entries.addAll(Catalog.resolve(registry.fields(), database.client()));
            entries.addAll(ImportCatalog.resolve(registry.imports(), database.client()));
            entries.addAll(ArchiveCatalog.resolve(registry.archives(), database.client()));
            Applications.check(entries, database);
            return new Entries(entries);
        } catch (ConfigurationException e) {
            if (DatabaseSettings.of(given).isPresent()) {
                throw e;
            }
            throw new ConfigurationException(List.of(
                    e.getMessage(),
                    "mediaferry.database.url is not set, so this was looked for in the embedded PostgreSQL of "
                            + settings.path("home") + ", which runs only while Mediaferry does.",
                    "To create tables there: start  mediaferry run , which waits for them, and meanwhile",
                    "  PGSERVICEFILE=" + settings.path("home").toAbsolutePath()
                            + "/pg_service.conf psql service=mediaferry"));
        }
    }

    /** @throws ConfigurationException naming every reference that the database cannot offer, or that has changed in mid-course */
    List<ReferenceTable> references(Registry registry) {
        ReferenceLedger ledger = new ReferenceLedger(database);
        Buckets buckets = buckets(registry);
        List<ReferenceTable> tables = ReferenceCatalog.resolve(
                registry.references(),
                database.client(),
                reference -> buckets.of(reference.bucket()).publicUrl().toString(),
                ledger.states());
        ledger.check(registry.references());
        return tables;
    }

    /** @return true when the database is the embedded one, whose tables nobody can create before it runs */
    public boolean embeddedDatabase() {
        return DatabaseSettings.of(given).isEmpty();
    }

    /** @return true when another process runs the embedded servers that this one uses */
    public boolean borrowed() {
        return embedded.flatMap(servers -> servers.owner(settings.path("home"))).isPresent();
    }

    @Override
    public void close() {
        database.close();
        embedded.ifPresent(EmbeddedServers::close);
    }
}
