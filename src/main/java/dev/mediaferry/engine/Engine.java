package dev.mediaferry.engine;

import dev.mediaferry.backup.Drops;
import dev.mediaferry.backup.ImportOptions;
import dev.mediaferry.backup.ImportReport;
import dev.mediaferry.backup.ImportSettings;
import dev.mediaferry.backup.Imports;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.console.DeadLetterOperations;
import dev.mediaferry.console.ReadOnlyConsoles;
import dev.mediaferry.console.ServerSettings;
import dev.mediaferry.console.ServiceHealth;
import dev.mediaferry.console.TransferMetrics;
import dev.mediaferry.content.ContentSettings;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.Reception;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.fetch.Answers;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.fetch.HostPace;
import dev.mediaferry.fetch.MediaClient;
import dev.mediaferry.fetch.SpoolDirectory;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.plan.PlanScope;
import dev.mediaferry.registry.Column;
import dev.mediaferry.registry.Entries;
import dev.mediaferry.registry.Entry;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.rollback.Rollbacks;
import dev.mediaferry.run.ArchivePlanner;
import dev.mediaferry.run.Claims;
import dev.mediaferry.run.FilePlanner;
import dev.mediaferry.run.HostMemory;
import dev.mediaferry.run.Outlines;
import dev.mediaferry.run.Planner;
import dev.mediaferry.run.RepeatedContent;
import dev.mediaferry.run.Run;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.Settlements;
import dev.mediaferry.run.Statuses;
import dev.mediaferry.run.TransferFailures;
import dev.mediaferry.run.Turns;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.ObjectStore;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.storage.StoredObjects;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.BindException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.component.quartz.QuartzComponent;
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

    private static final int RELINK_THREADS = 2;
    private static final int PACE_THREADS = 2;

    private final Services services;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private Runs runs;
    private Main main;
    private ProducerTemplate template;

    private Engine(Services services) {
        this.services = services;
        resources.push(services);
    }

    /** What the routes are started for. */
    public enum Mode {
        /** One run, then the end: no schedule and no server. */
        ONCE,
        /** Until it is stopped. */
        SERVICE
    }

    /**
     * @param services are closed with the engine
     * @param routes directory of the route files
     */
    public static Engine start(Services services, Registry registry, Path routes, Mode mode) {
        Engine engine = new Engine(services);
        try {
            engine.begin(registry, routes, mode);
            return engine;
        } catch (MediaferryException e) {
            engine.close();
            throw e;
        } catch (Exception e) {
            engine.close();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw new ConfigurationException("mediaferry.server.port "
                            + services.settings().text("server.port")
                            + " is taken: another service runs here; set another port");
                }
            }
            throw new IllegalStateException("the routes do not start: " + e.getMessage(), e);
        }
    }

    private void begin(Registry registry, Path routes, Mode mode) throws Exception {
        FetchSettings fetch = FetchSettings.of(services.settings());
        ScheduleSettings schedule = ScheduleSettings.of(services.settings());
        ServerSettings server = ServerSettings.of(services.settings());
        Entries entries = services.entries(registry);
        S3Client store = keep(ObjectStore.client(services.storage(), fetch.concurrency() + RELINK_THREADS));
        Buckets buckets = services.buckets(registry);
        buckets.all().forEach(bucket -> ObjectStore.check(store, bucket));
        Worker worker = keep(register());

        main = new Main();
        main.setPropertyPlaceholderLocations("classpath:dev/mediaferry/engine/camel.properties");
        Runs.Observer observer =
                mode == Mode.SERVICE ? bindService(entries, buckets, schedule, store) : Runs.Observer.NONE;
        FieldRoutes fieldRoutes = new FieldRoutes(entries.all());
        runs = new Runs(entries, worker, schedule, fieldRoutes, observer);
        bindRun(registry, buckets, fieldRoutes, fetch, worker, store);
        new CompressionSteps(runs, compressor(entries)).bind(main);
        main.bind("imports", new Imports(registry, entries, buckets, services.database(), worker));
        main.bind(
                "drops",
                new Drops(
                        ImportSettings.of(services.settings()),
                        services.settings().path("home"),
                        registry.imports()));
        main.bind("rollbacks", new Rollbacks(entries, buckets, worker));
        main.setOverrideProperties(
                CamelProperties.of(services.settings(), routes, mode == Mode.SERVICE, schedule, server));
        if (mode == Mode.ONCE) {
            DefaultCliConnectorFactory none = new DefaultCliConnectorFactory();
            none.setEnabled(false);
            main.bind("cliConnectorFactory", none);
        }
        main.start();
        template = main.getCamelContext().createProducerTemplate();
        if (mode == Mode.SERVICE) {
            new DeadLetterOperations(new DeadLetters(services.database(), entries)).register(main.getCamelContext());
        }
    }

    /** What the routes of a run refer to by name. */
    private void bindRun(
            Registry registry,
            Buckets buckets,
            FieldRoutes fieldRoutes,
            FetchSettings fetch,
            Worker worker,
            S3Client store) {
        HostPace pace = new HostPace(fetch.pace(), fetch.concurrency());
        FerryQueue queue = new FerryQueue();
        Settlements settlements = new Settlements(worker, runs);
        Claims claims = new Claims(worker, runs, pace, fieldRoutes, queue::size);
        StoredObjects objects =
                new StoredObjects(buckets, worker.id(), name -> rules(runs.entry(name), services.storage()));
        ContentSettings inspected = ContentSettings.of(services.settings());
        Path spool = SpoolDirectory.create(services.settings().path("home"));
        Answers answers = new Answers(new Reception(spool, fetch.maxBytes(), inspected.maxPixels()));

        main.configure().addRoutesBuilder(fieldRoutes);
        main.bind("dataSource", services.database().pool());
        main.bind("objectStore", store);
        main.bind("mediaClient", keep(new MediaClient(fetch)));
        main.bind("relinkPool", pool(Executors.newFixedThreadPool(RELINK_THREADS)));
        main.bind("ferryQueue", queue);
        main.bind("pacePool", pool(Executors.newScheduledThreadPool(PACE_THREADS)));
        main.bind("pace", new HostMemory(pace));
        main.bind("fieldPool", pool(Executors.newCachedThreadPool()));
        main.bind("runs", runs);
        main.bind("planner", new Planner(buckets));
        new OutlineSteps(new Outlines(fetch.guard(), pace)).bind(main);
        main.bind("sizePool", pool(Executors.newFixedThreadPool(fetch.concurrency())));
        main.bind("filePlanner", new FilePlanner(worker));
        main.bind("archives", new ArchivePlanner(buckets));
        main.bind("claims", claims);
        main.bind("settlements", settlements);
        main.bind("failures", new TransferFailures(settlements));
        main.bind("objects", objects);
        keep(new ResolveSteps(registry.fields(), buckets)).bind(main);
        RepeatedContent repeated = RepeatedContent.of(inspected, services.database());
        String cacheControl = services.storage().cacheControl();
        new FerrySteps(
                        runs,
                        new Turns(runs, pace),
                        answers,
                        new LocalFiles(inspected.maxPixels()),
                        fetch.maxBytes(),
                        repeated,
                        objects,
                        cacheControl)
                .bind(main);
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
        return new StoredObjects.Rules(entry.maxLength(), entry.shared(standard.key()), entry.pointsByS3Uri());
    }

    /** What only the service has: schedule, metrics, health. */
    private Runs.Observer bindService(Entries entries, Buckets buckets, ScheduleSettings schedule, S3Client store) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TransferMetrics metrics = new TransferMetrics(meters);
        main.bind("meterRegistry", meters);
        main.bind("metrics", metrics);
        main.bind("devConsoles", new ReadOnlyConsoles());
        main.bind("statuses", new Statuses(services.database(), entries, buckets, schedule));
        main.bind("quartzProperties", Schedule.properties(services.database().pool()));
        main.bind("databaseHealth", new ServiceHealth("database", () -> {
            services.database().ping();
            return Map.of();
        }));
        main.bind("bucketHealth", new ServiceHealth("bucket", () -> {
            buckets.all().forEach(bucket -> ObjectStore.check(store, bucket));
            return Map.of(
                    "bucket",
                    String.join(
                            ", ",
                            buckets.all().stream().map(StorageSettings::bucket).toList()));
        }));
        main.bind("scheduleHealth", new ServiceHealth("schedule", () -> nextRun(schedule)));
        return metrics;
    }

    private Map<String, Object> nextRun(ScheduleSettings schedule) throws Exception {
        if (schedule.cron().isEmpty()) {
            return Map.of("schedule", "off");
        }
        QuartzComponent quartz = main.getCamelContext().getComponent("quartz", QuartzComponent.class);
        if (!quartz.getScheduler().isStarted()) {
            throw new IllegalStateException("the scheduler does not run");
        }
        return Map.of("next", schedule.nextAfter(Instant.now()).toString());
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
                if (cause instanceof DataAccessException) {
                    throw new ServiceUnreachableException(
                            "the database went away; the next run goes on from here: " + cause.getMessage(), e);
                }
            }
            throw e;
        }
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
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                LOG.warn("while stopping: {}", e.getMessage(), e);
            }
        }
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

    private <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    private ExecutorService pool(ExecutorService pool) {
        resources.push(pool::shutdownNow);
        return pool;
    }
}
