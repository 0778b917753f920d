package dev.mediaferry.engine;

import dev.mediaferry.backup.ImportOptions;
import dev.mediaferry.backup.ImportReport;
import dev.mediaferry.console.DeadLetterOperations;
import dev.mediaferry.console.ServerSettings;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.Failures;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.plan.PlanScope;
import dev.mediaferry.registry.Column;
import dev.mediaferry.registry.Entries;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.FieldReport;
import dev.mediaferry.run.LeftOutRow;
import dev.mediaferry.run.LeftOutRows;
import dev.mediaferry.run.PlanReport;
import dev.mediaferry.run.Run;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScanIndex;
import dev.mediaferry.run.ScanIndexes;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.Statuses;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.run.Watcher;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Circuit;
import dev.mediaferry.storage.ObjectStore;
import java.net.BindException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import software.amazon.awssdk.services.s3.S3Client;

/** One running Camel context over a registry: what every command that moves media starts, and stops again. */
public final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** How long a stop waits for what is in flight. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Services services;
    private final Registry registry;
    private final Resources resources = new Resources();
    private final Tempo tempo;
    private StoreCircuits circuits;
    private Runs runs;
    private Main main;
    private ProducerTemplate template;

    private Engine(Services services, Registry registry, Tempo tempo) {
        this.services = services;
        this.registry = registry;
        this.tempo = tempo;
        resources.keep(services);
    }

    /**
     * @param services are closed with the engine
     * @param routes directory of the route files
     * @param tasks what it has to do beyond moving fields
     */
    public static Engine start(Services services, Registry registry, Path routes, Set<Task> tasks) {
        return start(services, registry, routes, tasks, Tempo.STANDARD);
    }

    static Engine start(Services services, Registry registry, Path routes, Set<Task> tasks, Tempo tempo) {
        Engine engine = new Engine(services, registry, tempo);
        try {
            engine.begin(registry, routes, tasks);
            return engine;
        } catch (MediaferryException e) {
            engine.close();
            throw e;
        } catch (Exception e) {
            engine.close();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof MediaferryException known) {
                    throw known;
                }
                if (cause instanceof BindException) {
                    throw new ConfigurationException("mediaferry.server.port "
                            + services.settings().text("server.port")
                            + " is taken: another service runs here; set another port");
                }
            }
            throw new IllegalStateException("the routes do not start: " + e.getMessage(), e);
        }
    }

    private void begin(Registry registry, Path routes, Set<Task> tasks) throws Exception {
        boolean service = tasks.contains(Task.SERVE);
        ProxyNotice.of(System.getenv(), System.getProperties()).ifPresent(LOG::warn);
        FetchSettings fetch = FetchSettings.of(services.settings());
        ScheduleSettings schedule = ScheduleSettings.of(services.settings());
        ServerSettings server = ServerSettings.of(services.settings());
        // Looking for the registry's tables may take longer, too.
        services.database().warnOfTimeLimit();
        Entries entries = services.entries(registry);
        Buckets buckets = services.buckets(registry);
        // It takes as long as reading the routes does.
        CompletableFuture<S3Client> store = CompletableFuture.supplyAsync(() -> store(fetch, buckets));
        resources.keep(() -> close(store));
        Worker worker = resources.keep(register());
        Applications.register(entries.all(), services.database());
        circuits = new StoreCircuits(buckets, worker, tempo.store());

        RoutesMain routesMain = new RoutesMain();
        main = routesMain;
        main.setPropertyPlaceholderLocations("classpath:dev/mediaferry/engine/camel.properties");
        Runs.Observer observer = service
                ? new ServiceBeans(main, services, schedule).bind(entries, buckets, store::join, circuits)
                : Runs.Observer.NONE;
        FieldRoutes fieldRoutes = new FieldRoutes(entries.all());
        runs = new Runs(entries, worker, schedule, fieldRoutes, observer, tempo.readsAgain());
        new RunBeans(main, services, resources)
                .bind(registry, entries, buckets, fieldRoutes, runs, fetch, worker, circuits, store::join);
        routesMain.bind("objectStore", S3Client.class, store::join);
        String routeFiles = new RouteFiles(tasks, services.settings(), schedule, registry).in(routes);
        main.setOverrideProperties(
                CamelProperties.of(services.settings(), fetch, routeFiles, service, schedule, server));
        if (!service) {
            DefaultCliConnectorFactory none = new DefaultCliConnectorFactory();
            none.setEnabled(false);
            main.bind("cliConnectorFactory", none);
        }
        main.start();
        template = main.getCamelContext().createProducerTemplate();
        if (service) {
            new DeadLetterOperations(new DeadLetters(services.database(), entries)).register(main.getCamelContext());
        }
    }

    /** @return a client of a store whose buckets are there */
    private static S3Client store(FetchSettings fetch, Buckets buckets) {
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

    private Worker register() {
        try {
            return Worker.register(services.database());
        } catch (SQLException e) {
            throw new ServiceUnreachableException("the ledger does not answer: " + e.getMessage(), e);
        }
    }

    /**
     * Runs once, now.
     *
     * @throws ServiceUnreachableException when the database stays away; the next run goes on where this one stopped
     */
    public RunReport migrate(RunOptions options) {
        return request("direct:migrate", options, RunReport.class);
    }

    /** @return what a plan for these fields is made for, and has to be made for to be followed here */
    public PlanScope scope(List<String> fields) {
        return PlanScope.of(
                services.database(),
                services.storage(),
                fields.stream().map(field -> (Column) runs.entry(field)).toList());
    }

    /** @return how the large columns of a dry run are searched, and how they could be */
    public List<ScanIndex> scanIndexes(RunReport report) {
        return new ScanIndexes(services.database()).of(report, field -> (Column) runs.entry(field));
    }

    /** @return some rows of each field that a run leaves alone since they are invalid or foreign */
    public List<LeftOutRow> leftOut(RunReport report) {
        LeftOutRows rows = new LeftOutRows(services.database(), services.buckets(registry));
        return report.fields().stream()
                .flatMap(field -> rows
                        .of(
                                (Column) runs.entry(field.field()),
                                Math.min(
                                        PlanReport.MOST_LEFT_OUT,
                                        field.skipped().getOrDefault("invalid", 0L)
                                                + field.skipped().getOrDefault("foreign", 0L)))
                        .stream())
                .toList();
    }

    /** @return of the fields of a run those in which links are left that are to be moved, and by what they are kept */
    public Map<String, Map<String, Long>> unmoved(RunReport report) {
        Statuses statuses = new Statuses(
                services.database(),
                services.entries(registry),
                services.buckets(registry),
                ScheduleSettings.of(services.settings()));
        Map<String, Map<String, Long>> unmoved = new LinkedHashMap<>();
        for (FieldReport field : report.fields()) {
            Map<String, Long> left = statuses.unmoved((Column) runs.entry(field.field()));
            if (!left.isEmpty()) {
                unmoved.put(field.field(), left);
            }
        }
        return unmoved;
    }

    /**
     * Imports a folder, now.
     *
     * @throws ServiceUnreachableException when the database stays away; asked again, it goes on where it stopped
     */
    public ImportReport importFolder(ImportOptions options) {
        return request("direct:import-folder", options, ImportReport.class);
    }

    /**
     * Puts old values back.
     *
     * @throws ServiceUnreachableException when the database stays away; what was put back stays so
     */
    public RollbackReport rollback(RollbackOptions options) {
        return request("direct:rollback", options, RollbackReport.class);
    }

    /** @return how many rolled back transfers later runs may take again */
    public int release(RollbackOptions options) {
        return request("direct:release-rows", options, Integer.class);
    }

    /** Removes the objects of superseded transfers, as each run does at its beginning and end. */
    public void sweep() {
        request("direct:sweep-objects", "", Object.class);
    }

    private <T> T request(String route, Object options, Class<T> type) {
        try {
            return template.requestBody(route, options, type);
        } catch (CamelExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof MediaferryException known) {
                    throw known;
                }
                if (cause instanceof DataAccessException
                        && Failures.cancelled(cause).isPresent()) {
                    throw new ServiceUnreachableException(
                            Failures.cancelled(cause).get(), e);
                }
                if (cause instanceof DataAccessException) {
                    throw Failures.ended(cause, "; the next run goes on from here");
                }
            }
            throw e;
        }
    }

    /** @return why nothing is downloaded at the moment, in the store's words */
    public Optional<String> storePause() {
        return circuits == null
                ? Optional.empty()
                : circuits.pauses().values().stream().map(Circuit.Pause::reason).findFirst();
    }

    /** @param watcher is told of single media from now on */
    public void watch(Watcher watcher) {
        runs.watch(watcher);
    }

    /** @return the runs under way in this process */
    public Collection<Run> currentRuns() {
        return runs == null ? List.of() : runs.current();
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public Services services() {
        return services;
    }

    /** @return what an operator wants to know of a service that has just started */
    public String describe() {
        ScheduleSettings schedule = ScheduleSettings.of(services.settings());
        ServerSettings server = ServerSettings.of(services.settings());
        return "%d fields; next run %s; http://%s:%s/observe/health"
                .formatted(
                        runs.fields(),
                        schedule.next(Instant.now()).map(Instant::toString).orElse("only by hand"),
                        server.host(),
                        server.port());
    }

    /** No new claims: what is in flight is finished, then the runs end. */
    public void drain() {
        currentRuns().forEach(Run::stop);
    }

    /** Drains, stops the routes, gives back what is still claimed, and closes the services. */
    @Override
    public void close() {
        drain();
        awaitRuns();
        if (main != null) {
            main.stop();
        }
        resources.close();
    }

    private void awaitRuns() {
        long end = System.nanoTime() + DRAIN.toNanos();
        try {
            while (!currentRuns().isEmpty() && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
