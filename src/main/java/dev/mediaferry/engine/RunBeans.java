package dev.mediaferry.engine;

import dev.mediaferry.archive.Whereabouts;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.content.BodyReader;
import dev.mediaferry.content.ContentSettings;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.ferry.HostAdmission;
import dev.mediaferry.ferry.RepeatedContent;
import dev.mediaferry.ferry.ResultRows;
import dev.mediaferry.ferry.ResultWriter;
import dev.mediaferry.ferry.StoredObjects;
import dev.mediaferry.ferry.TakenKeys;
import dev.mediaferry.ferry.TransferFailures;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.fetch.MediaClient;
import dev.mediaferry.fetch.ResponseReader;
import dev.mediaferry.fetch.SpoolDirectory;
import dev.mediaferry.imports.ImportSettings;
import dev.mediaferry.imports.Imports;
import dev.mediaferry.imports.Inbox;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.pace.HostLimitStore;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.planning.ArchivePlanner;
import dev.mediaferry.planning.CandidateQueue;
import dev.mediaferry.planning.ColumnPlanner;
import dev.mediaferry.planning.FilePlanner;
import dev.mediaferry.planning.PlanWriter;
import dev.mediaferry.planning.Planners;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.removal.Removals;
import dev.mediaferry.resolve.Resolver;
import dev.mediaferry.rollback.Rollbacks;
import dev.mediaferry.run.Claims;
import dev.mediaferry.run.FreeRoom;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.OwnObjects;
import dev.mediaferry.storage.StorageSettings;
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
        HostLimits pace = new HostLimits(fetch.pace(), fetch.concurrency(), fetch.perAddress(), fetch.guard()::address);
        FerryQueue queue = new FerryQueue(fetch.concurrency());
        ResultWriter settlements = new ResultWriter(runs);
        Path spool = SpoolDirectory.create(services.settings().path("home"));
        Claims claims = new Claims(
                worker, runs, pace, circuits, fieldRoutes, queue::size, FreeRoom.of(services.settings(), spool));
        StoredObjects objects = new StoredObjects(
                buckets, services.database().ledgerId(), name -> rules(runs.entry(name), services.storage()));
        ContentSettings inspected = ContentSettings.of(services.settings());
        ResponseReader answers = new ResponseReader(new BodyReader(spool, fetch.maxBytes(), inspected.maxPixels()));

        main.configure().addRoutesBuilder(fieldRoutes);
        main.bind("mediaClient", resources.keep(new MediaClient(fetch)));
        main.bind("relinkPool", resources.pool(Executors.newFixedThreadPool(RELINK_THREADS)));
        main.bind("ferryQueue", queue);
        main.bind("pacePool", resources.pool(Executors.newScheduledThreadPool(PACE_THREADS)));
        main.bind("pace", new HostLimitStore(pace));
        main.bind("fieldPool", resources.pool(Executors.newCachedThreadPool()));
        main.bind("runs", runs);
        ColumnPlanner columns = new ColumnPlanner(buckets);
        FilePlanner files = new FilePlanner(worker, runs);
        ArchivePlanner archives =
                new ArchivePlanner(buckets, services.database().ledgerId(), runs);
        main.bind("planner", new Planners(columns, archives, files));
        main.bind("candidates", new CandidateQueue());
        main.bind("archives", archives);
        new OutlineSteps(new PlanWriter(fetch.guard(), pace)).bind(main);
        main.bind("sizePool", resources.pool(Executors.newFixedThreadPool(fetch.concurrency())));
        main.bind("claims", claims);
        new DispatchSteps(claims).bind(main);
        main.bind("storeCircuits", circuits);
        main.bind("settlements", settlements);
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
                        new HostAdmission(runs, pace),
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
                new Inbox(
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
        Rollbacks rollbacks = new Rollbacks(entries, removals, worker);
        main.bind("rollbacks", rollbacks);
        main.bind(
                "sql",
                new RouteStatements()
                        .migrate(claims, objects)
                        .plan(columns)
                        .archive(archives)
                        .imports(files)
                        .relink(settlements, new ResultRows(runs))
                        .rollback(rollbacks)
                        .removal()
                        .others()
                        .all()
                        .component(services.database().pool()));
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
