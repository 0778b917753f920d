package dev.mediaferry.engine;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.api.AuthSettings;
import dev.mediaferry.api.Door;
import dev.mediaferry.api.StatusStreams;
import dev.mediaferry.api.Tokens;
import dev.mediaferry.console.Console;
import dev.mediaferry.derivatives.DerivativeSettings;
import dev.mediaferry.derivatives.Seats;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.entry.Keys;
import dev.mediaferry.ferry.StoredObjects;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.observe.GuardedServers;
import dev.mediaferry.observe.ServerSettings;
import dev.mediaferry.observe.TransferMetrics;
import dev.mediaferry.reference.ReferenceWork;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.removal.Removals;
import dev.mediaferry.resolve.Resolver;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.ObjectStore;
import dev.mediaferry.storage.OwnObjects;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.uploads.UploadTokens;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the capabilities of one engine are made of. Each part is made when a capability first asks for it, so an engine that only
 * lists dead letters opens no bucket and is no worker.
 */
final class Parts {

    private final RoutesMain main;
    private final Services services;
    private final UseCases cases;
    private final Resources resources;
    private final Tempo tempo;
    private final boolean service;
    private final Supplier<ReferenceWork> references;
    private final FetchSettings fetch;
    private final ScheduleSettings schedule;
    private final RouteStatements statements = new RouteStatements();
    private final UploadParts uploads = new UploadParts(this);
    private CompletableFuture<S3Client> store;
    private Worker worker;
    private StoreCircuits circuits;
    private FieldRoutes fieldRoutes;
    private TransferMetrics metrics;
    private PrometheusMeterRegistry meters;
    private Removals removals;
    private boolean scheduleKept;
    private boolean workersForgotten;
    private Seats seats;
    private Resolver resolver;
    private StoredObjects objects;
    private ApiSettings api;
    private Door door;
    private Console console;
    private volatile Runs runs;

    /**
     * @param resources that what is made here is closed with
     * @param service true when the engine runs until it is stopped
     * @param references the commands of references, once the routes have started
     */
    Parts(
            RoutesMain main,
            Services services,
            UseCases cases,
            Resources resources,
            Tempo tempo,
            boolean service,
            Supplier<ReferenceWork> references) {
        this.main = main;
        this.services = services;
        this.cases = cases;
        this.resources = resources;
        this.tempo = tempo;
        this.service = service;
        this.references = references;
        this.fetch = FetchSettings.of(services.settings());
        this.schedule = ScheduleSettings.of(services.settings());
    }

    RoutesMain main() {
        return main;
    }

    Services services() {
        return services;
    }

    Settings settings() {
        return services.settings();
    }

    UseCases cases() {
        return cases;
    }

    Registry registry() {
        return cases.registry();
    }

    Entries entries() {
        return cases.entries();
    }

    Buckets buckets() {
        return cases.buckets();
    }

    Resources resources() {
        return resources;
    }

    /** The commands of references, for routes that run once all have started. */
    Supplier<ReferenceWork> references() {
        return references;
    }

    FetchSettings fetch() {
        return fetch;
    }

    ScheduleSettings schedule() {
        return schedule;
    }

    Tempo tempo() {
        return tempo;
    }

    ServerSettings server() {
        return ServerSettings.of(services.settings());
    }

    RouteStatements statements() {
        return statements;
    }

    /** Has the engine serve the API, and nothing of it without a token. */
    void openApi(StatusStreams streams) {
        resources.keep(streams);
        api = ApiSettings.of(settings());
        door = new Door(
                api, new Tokens(AuthSettings.of(settings())), new UploadTokens(services.database())::uploader, streams);
    }

    /** What requests of the API pass. It stands once {@link #openApi} was called. */
    Door door() {
        return door;
    }

    /** @return where the API answers, if this engine serves it */
    Optional<ApiSettings> api() {
        return Optional.ofNullable(api);
    }

    /** Makes Camel's servers, whatever starts them, those that have a guard. */
    void guardServers() {
        Optional<Door> opened = Optional.ofNullable(door);
        main.bind(
                "httpServers",
                new GuardedServers(server(), console().map(one -> one::entrance), opened.map(one -> one::entrance)));
    }

    /** @param opened stands before all that is served */
    void openConsole(Console opened) {
        console = resources.keep(opened);
    }

    Optional<Console> console() {
        return Optional.ofNullable(console);
    }

    /** The client of the store, for routes under the name {@code objectStore}. It is opened while the routes are read. */
    CompletableFuture<S3Client> store() {
        if (store == null) {
            Buckets all = buckets();
            CompletableFuture<S3Client> opening = CompletableFuture.supplyAsync(() -> open(all));
            resources.keep(() -> close(opening));
            main.bind("objectStore", S3Client.class, opening::join);
            store = opening;
        }
        return store;
    }

    /** Begins to open the store: its buckets are looked for while the routes are read. */
    void openStore() {
        CompletableFuture<S3Client> unused = store();
    }

    void ready() {
        if (store != null) {
            store.join();
        }
    }

    /** This process as the ledger knows it; others see which tables it works with. */
    Worker worker() {
        if (worker == null) {
            worker = cases.worker();
            Applications.register(entries().all(), services.database());
        }
        return worker;
    }

    StoreCircuits circuits() {
        if (circuits == null) {
            circuits = new StoreCircuits(buckets(), worker(), tempo.store());
        }
        return circuits;
    }

    FieldRoutes fieldRoutes() {
        if (fieldRoutes == null) {
            fieldRoutes = new FieldRoutes(entries().all());
        }
        return fieldRoutes;
    }

    Runs runs() {
        if (runs == null) {
            Runs.Observer observer = service ? metrics() : Runs.Observer.NONE;
            runs = new Runs(entries(), worker(), schedule, fieldRoutes(), observer, tempo.readsAgain());
        }
        return runs;
    }

    /** @return the runs of this engine, if it is one that makes any */
    Optional<Runs> startedRuns() {
        return Optional.ofNullable(runs);
    }

    PrometheusMeterRegistry meters() {
        if (meters == null) {
            meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        }
        return meters;
    }

    TransferMetrics metrics() {
        if (metrics == null) {
            metrics = new TransferMetrics(meters());
        }
        return metrics;
    }

    Removals removals() {
        if (removals == null) {
            removals = new Removals(
                    entries(),
                    buckets(),
                    new OwnObjects(
                            store()::join,
                            buckets(),
                            services.database().ledgerId(),
                            services.sharing().deleteShared()));
        }
        return removals;
    }

    /** Of uploads and of media. */
    UploadParts uploads() {
        return uploads;
    }

    boolean isService() {
        return service;
    }

    /** Has Quartz keep what it fires in the ledger's database. */
    void keepSchedule() {
        if (!scheduleKept) {
            main.bind(
                    "quartzProperties", Schedule.properties(services.database().pool()));
            scheduleKept = true;
        }
    }

    /** Has routes be able to forget the workers that are no more. */
    void forgetWorkers() {
        if (!workersForgotten) {
            statements().workers(worker());
            workersForgotten = true;
        }
    }

    Seats seats() {
        if (seats == null) {
            seats = new Seats(worker(), DerivativeSettings.of(settings()));
        }
        return seats;
    }

    /** @return where derivatives are made, if this engine makes any */
    Optional<Seats> startedSeats() {
        return Optional.ofNullable(seats);
    }

    Resolver resolver() {
        if (resolver == null) {
            resolver = new Resolver(registry().fields(), buckets().addresses());
        }
        return resolver;
    }

    StoredObjects objects() {
        if (objects == null) {
            Entries all = entries();
            Map<String, StoredObjects.Rules> rules = new ConcurrentHashMap<>();
            objects = new StoredObjects(
                    buckets(),
                    services.database().ledgerId(),
                    entry -> rules.computeIfAbsent(entry, name -> rules(all.of(name), services.storage())));
        }
        return objects;
    }

    private StoredObjects.Rules rules(Entry entry, StorageSettings standard) {
        Keys keys = entry.keys(standard.key());
        return new StoredObjects.Rules(
                entry.maxLength(),
                keys.shared(),
                keys.reproducible(),
                entry.pointsByS3Uri(),
                entry.asMedia().isPresent(),
                entry.asMedia()
                        .flatMap(media -> registry().upload(media.type()))
                        .map(UploadType::isPublic)
                        .orElse(true));
    }

    /** @return a client of a store whose buckets are there */
    private S3Client open(Buckets buckets) {
        S3Client client = ObjectStore.client(buckets, fetch.transfers() + RunBeans.RELINK_THREADS);
        try {
            buckets.all().forEach(bucket -> ObjectStore.check(client, bucket));
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static void close(CompletableFuture<S3Client> store) {
        S3Client client = store.exceptionally(failure -> null).join();
        if (client != null) {
            client.close();
        }
    }
}
