package dev.mediaferry.engine;

import dev.mediaferry.archive.Whereabouts;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.content.BodyReader;
import dev.mediaferry.content.ContentSettings;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.ferry.HostAdmission;
import dev.mediaferry.ferry.MediaAddresses;
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
import dev.mediaferry.pace.HostLimitStore;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.planning.ArchivePlanner;
import dev.mediaferry.planning.CandidateQueue;
import dev.mediaferry.planning.ColumnPlanner;
import dev.mediaferry.planning.FilePlanner;
import dev.mediaferry.planning.PlanWriter;
import dev.mediaferry.planning.Planners;
import dev.mediaferry.run.Claims;
import dev.mediaferry.run.FreeRoom;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.storage.Buckets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.apache.camel.main.Main;

/** What the routes of a run refer to by name, whatever it moves. */
final class RunBeans {

    /** Batches of settlements that are written at once. */
    static final int RELINK_THREADS = 2;

    private static final int PACE_THREADS = 2;

    private final Parts parts;

    RunBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        Main main = parts.main();
        Services services = parts.services();
        Resources resources = parts.resources();
        Entries entries = parts.entries();
        Buckets buckets = parts.buckets();
        FetchSettings fetch = parts.fetch();
        StoreCircuits circuits = parts.circuits();
        FieldRoutes fieldRoutes = parts.fieldRoutes();
        Runs runs = parts.runs();
        StoredObjects objects = parts.objects();
        HostLimits pace = new HostLimits(fetch.pace(), fetch.concurrency(), fetch.perAddress(), fetch.guard()::address);
        FerryQueue queue = new FerryQueue(fetch.concurrency());
        ResultWriter settlements = new ResultWriter(runs);
        Path spool = SpoolDirectory.create(services.settings().path("home"));
        Claims claims = new Claims(
                parts.worker(),
                runs,
                pace,
                circuits,
                fieldRoutes,
                queue::size,
                FreeRoom.of(services.settings(), spool),
                parts.tempo().sendsAgain());
        ContentSettings inspected = ContentSettings.of(services.settings());
        ResponseReader answers = new ResponseReader(new BodyReader(spool, fetch.maxBytes(), inspected.maxPixels()));

        main.configure().addRoutesBuilder(fieldRoutes);
        main.bind("mediaClient", resources.keep(new MediaClient(fetch)));
        main.bind("relinkPool", resources.pool(Executors.newFixedThreadPool(RELINK_THREADS)));
        main.bind("ferryQueue", queue);
        main.bind("pacePool", resources.pool(Executors.newScheduledThreadPool(PACE_THREADS)));
        main.bind("pace", new HostLimitStore(pace));
        main.bind("orders", new OrderSteps(pace, entries, main::getCamelContext));
        main.bind("fieldPool", resources.pool(Executors.newCachedThreadPool()));
        ColumnPlanner columns = new ColumnPlanner(buckets);
        FilePlanner files = new FilePlanner(parts.worker(), runs);
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
        main.bind("resolver", parts.resolver());
        RepeatedContent repeated = RepeatedContent.of(inspected, services.database());
        new AdmissionSteps(runs, new HostAdmission(runs, pace), circuits).bind(main);
        new FetchSteps(
                        runs,
                        answers,
                        new LocalFiles(inspected.maxPixels()),
                        new Whereabouts(services.database()),
                        fetch.maxBytes(),
                        repeated)
                .bind(main);
        new StoreSteps(
                        runs,
                        circuits,
                        objects,
                        new TakenKeys(services.database().ledgerId()),
                        parts.cases().importBudget(),
                        services.storage().cacheControl())
                .bind(main);
        new CompressionSteps(runs, compressor(entries)).bind(main);
        parts.forgetWorkers();
        parts.statements()
                .migrate(claims, objects)
                .plan(columns)
                .archive(archives)
                .imports(files)
                .relink(
                        settlements,
                        new ResultRows(runs, new MediaAddresses(parts.registry().uploads(), buckets)))
                .others();
    }

    /** @return null when no entry is compressed: codecs take their time to load */
    private Compressor compressor(Entries entries) {
        Path home = parts.settings().path("home");
        return entries.all().stream()
                        .noneMatch(entry -> entry.media().compression().isPresent())
                ? null
                : new Compressor(
                        home,
                        SpoolDirectory.create(home),
                        ImportSettings.of(parts.settings()).pixelsAtOnce());
    }
}
