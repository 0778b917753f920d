package dev.mediaferry.engine;

import dev.mediaferry.archive.Whereabouts;
import dev.mediaferry.backup.Drops;
import dev.mediaferry.backup.ImportSettings;
import dev.mediaferry.backup.Imports;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.content.ContentSettings;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.Reception;
import dev.mediaferry.fetch.Answers;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.fetch.HostPace;
import dev.mediaferry.fetch.MediaClient;
import dev.mediaferry.fetch.SpoolDirectory;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.registry.Entries;
import dev.mediaferry.registry.Entry;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.removal.Removals;
import dev.mediaferry.resolve.Resolver;
import dev.mediaferry.rollback.Rollbacks;
import dev.mediaferry.run.ArchivePlanner;
import dev.mediaferry.run.Claims;
import dev.mediaferry.run.FilePlanner;
import dev.mediaferry.run.FreeRoom;
import dev.mediaferry.run.HostMemory;
import dev.mediaferry.run.Outlines;
import dev.mediaferry.run.Planner;
import dev.mediaferry.run.RepeatedContent;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.SettlementRows;
import dev.mediaferry.run.Settlements;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.run.TransferFailures;
import dev.mediaferry.run.Turns;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.OwnObjects;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.storage.StoredObjects;
import dev.mediaferry.storage.TakenKeys;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.camel.main.Main;
import software.amazon.awssdk.services.s3.S3Client;

/** What the routes refer to by name, whatever they are started for. */
final class RunBeans {

    /** Batches of settlements that are written at once. */
    static final int RELINK_THREADS = 2;

    private static final int PACE_THREADS = 2;

    private final Main main;
    private final Services services;
    private final Resources resources;

    /** @param resources that what is made here is closed with */
    RunBeans(Main main, Services services, Resources resources) {
        this.main = main;
        this.services = services;
        this.resources = resources;
    }

    void bind(
            Registry registry,
            Entries entries,
            Buckets buckets,
            FieldRoutes fieldRoutes,
            Runs runs,
            FetchSettings fetch,
            Worker worker,
            StoreCircuits circuits,
            Supplier<S3Client> store) {
        HostPace pace = new HostPace(fetch.pace(), fetch.concurrency(), fetch.perAddress(), fetch.guard()::address);
        FerryQueue queue = new FerryQueue(fetch.concurrency());
        Settlements settlements = new Settlements(runs);
        Path spool = SpoolDirectory.create(services.settings().path("home"));
        Claims claims = new Claims(
                worker, runs, pace, circuits, fieldRoutes, queue::size, FreeRoom.of(services.settings(), spool));
        StoredObjects objects = new StoredObjects(
                buckets, services.database().ledgerId(), name -> rules(runs.entry(name), services.storage()));
        ContentSettings inspected = ContentSettings.of(services.settings());
        Answers answers = new Answers(new Reception(spool, fetch.maxBytes(), inspected.maxPixels()));

        main.configure().addRoutesBuilder(fieldRoutes);
        main.bind("dataSource", services.database().pool());
        main.bind("mediaClient", resources.keep(new MediaClient(fetch)));
        main.bind("relinkPool", resources.pool(Executors.newFixedThreadPool(RELINK_THREADS)));
        main.bind("ferryQueue", queue);
        main.bind("pacePool", resources.pool(Executors.newScheduledThreadPool(PACE_THREADS)));
        main.bind("pace", new HostMemory(pace));
        main.bind("fieldPool", resources.pool(Executors.newCachedThreadPool()));
        main.bind("runs", runs);
        main.bind("planner", new Planner(buckets));
        new OutlineSteps(new Outlines(fetch.guard(), pace)).bind(main);
        main.bind("sizePool", resources.pool(Executors.newFixedThreadPool(fetch.concurrency())));
        main.bind("filePlanner", new FilePlanner(worker, runs));
        main.bind("archives", new ArchivePlanner(buckets, services.database().ledgerId(), runs));
        main.bind("claims", claims);
        main.bind("storeCircuits", circuits);
        main.bind("settlements", settlements);
        main.bind("settlementRows", new SettlementRows(runs));
        main.bind("failures", new TransferFailures(settlements, circuits));
        main.bind("objects", objects);
        Resolver resolver = new Resolver(registry.fields(), buckets.addresses());
        main.bind("resolver", resolver);
        if (registry.resolves()) {
            resources.keep(new ResolveSteps(resolver)).bind(main);
        }
        RepeatedContent repeated = RepeatedContent.of(inspected, services.database());
        String cacheControl = services.storage().cacheControl();
        StorageBudget budget = services.importBudget(worker);
        new FerrySteps(
                        runs,
                        new Turns(runs, pace),
                        circuits,
                        answers,
                        new LocalFiles(inspected.maxPixels()),
                        new Whereabouts(services.database()),
                        fetch.maxBytes(),
                        repeated,
                        objects,
                        new TakenKeys(services.database().ledgerId()),
                        budget,
                        cacheControl)
                .bind(main);
        new CompressionSteps(runs, compressor(entries)).bind(main);
        main.bind(
                "imports",
                new Imports(registry, entries, buckets, services.database(), worker, services.disks(), budget));
        main.bind(
                "drops",
                new Drops(
                        ImportSettings.of(services.settings()),
                        services.settings().path("home"),
                        registry.imports()));
        Removals removals = new Removals(
                entries,
                buckets,
                new OwnObjects(
                        store,
                        buckets,
                        services.database().ledgerId(),
                        services.sharing().deleteShared()));
        main.bind("removals", removals);
        main.bind("rollbacks", new Rollbacks(entries, removals, worker));
    }

    /** @return null when no entry is compressed: codecs take their time to load */
    private Compressor compressor(Entries entries) {
        Path home = services.settings().path("home");
        return entries.all().stream().noneMatch(entry -> entry.compression().isPresent())
                ? null
                : new Compressor(
                        home,
                        SpoolDirectory.create(home),
                        ImportSettings.of(services.settings()).pixelsAtOnce());
    }

    private static StoredObjects.Rules rules(Entry entry, StorageSettings standard) {
        return new StoredObjects.Rules(
                entry.maxLength(),
                entry.shared(standard.key()),
                entry.reproducible(standard.key()),
                entry.pointsByS3Uri());
    }
}
