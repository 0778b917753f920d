package dev.mediaferry.engine;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.deadletter.DeadLetterPage;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.deadletter.History;
import dev.mediaferry.deadletter.RetryResult;
import dev.mediaferry.derivatives.Seats;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.observe.DeadLetterOperations;
import dev.mediaferry.observe.ServerSettings;
import dev.mediaferry.reference.ReferenceRoutes;
import dev.mediaferry.reference.ReferenceWork;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.run.Run;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.ScheduleSettings;
import dev.mediaferry.run.Watcher;
import dev.mediaferry.storage.Circuit;
import dev.mediaferry.uploads.SweepReport;
import dev.mediaferry.verify.Orphans;
import dev.mediaferry.verify.Verifications;
import dev.mediaferry.verify.VerifyReport;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running Camel context over a registry: what every command that moves media starts, and stops again. */
public final class Engine implements AutoCloseable {

    /** The endpoint that keeps what is dispatched in this process. */
    public static final String DISPATCH_HERE = "direct:dispatch";

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** How long a stop waits for what is in flight. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Services services;
    private final UseCases cases;
    private final Resources resources = new Resources();
    private Parts parts;
    private Main main;
    private RouteCalls calls;

    private Engine(Services services, Registry registry) {
        this.services = services;
        this.cases = new UseCases(services, registry);
        resources.keep(services);
        resources.keep(cases);
    }

    /**
     * @param services are closed with the engine
     * @param routes directory of the route files
     * @param capabilities what it is started for
     */
    public static Engine start(Services services, Registry registry, Path routes, Set<Capability> capabilities) {
        return start(services, registry, routes, capabilities, Tempo.STANDARD);
    }

    static Engine start(Services services, Registry registry, Path routes, Set<Capability> capabilities, Tempo tempo) {
        Engine engine = new Engine(services, registry);
        try {
            engine.begin(routes, capabilities, tempo);
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
            }
            throw new IllegalStateException("the routes do not start: " + e.getMessage(), e);
        }
    }

    /** Camel only logs that, and goes on without. */
    private static void checkPort(String setting, String host, int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            LOG.debug("{} {} is free", setting, free.getLocalPort());
        } catch (BindException e) {
            throw new ConfigurationException(
                    setting + " " + port + " is taken: another service runs here; set another port");
        } catch (IOException e) {
            throw new ConfigurationException(
                    "cannot listen on " + host + ", port " + port + " (" + setting + "): " + e.getMessage());
        }
    }

    private void begin(Path routes, Set<Capability> asked, Tempo tempo) throws Exception {
        boolean service = asked.contains(Capability.SERVE);
        ProxyNotice.of(System.getenv(), System.getProperties()).ifPresent(LOG::warn);
        RoutesMain routesMain = new RoutesMain();
        parts = new Parts(routesMain, services, cases, resources, tempo, service, this::references);
        ServerSettings server = parts.server();
        // Looking for the registry's tables may take longer, too.
        services.database().warnOfTimeLimit();
        parts.entries();
        Set<Capability> capabilities = Capability.all(asked, parts.registry(), services.settings());
        String routeFiles = new RouteFiles(capabilities).in(routes);

        main = routesMain;
        main.setPropertyPlaceholderLocations("classpath:dev/mediaferry/engine/camel.properties");
        capabilities.forEach(capability -> capability.bind(parts));
        parts.guardServers();
        if (service) {
            checkPort("mediaferry.server.port", server.host(), server.port());
        }
        parts.api().ifPresent(api -> checkPort("mediaferry.api.port", api.host(), api.port()));
        main.bind("sql", parts.statements().all().component(services.database().pool()));
        main.setOverrideProperties(CamelProperties.of(
                services.settings(),
                parts.fetch(),
                routeFiles,
                !parts.registry().uploads().isEmpty(),
                service,
                parts.schedule(),
                server,
                parts.api()));
        if (!service || !server.camelCli()) {
            DefaultCliConnectorFactory none = new DefaultCliConnectorFactory();
            none.setEnabled(false);
            main.bind("cliConnectorFactory", none);
        }
        main.start();
        calls = new RouteCalls(main.getCamelContext().createProducerTemplate());
        parts.ready();
        parts.api().ifPresent(api -> parts.door().open(ApiSteps.router(main.getCamelContext(), api)));
        if (service) {
            new DeadLetterOperations(deadLetters(), cases.audit()).register(main.getCamelContext());
            parts.console().ifPresent(console -> console.open(new ConsoleBeans(parts, this).operations()));
        }
    }

    /** The use cases that need no routes, over the registry and the services of this engine. */
    public UseCases cases() {
        return cases;
    }

    /** What was given up, and what becomes of it. Needs {@link Capability#DEAD_LETTERS}. */
    public DeadLetters deadLetters() {
        return new DeadLetters(
                calls.route("list-dead-letters", DeadLetterPage.class),
                calls.route("show-transfer", History.class),
                calls.route("retry-dead-letters", RetryResult.class),
                calls.route("discard-dead-letters", Long.class));
    }

    /** The commands that change references. Needs {@link Capability#REFERENCES}. */
    public ReferenceWork references() {
        return new ReferenceWork(
                services.database(),
                cases.references(),
                new ReferenceRoutes(
                        calls.act("reference-expand"),
                        calls.act("reference-backfill"),
                        calls.act("reference-verify"),
                        calls.act("reference-contract"),
                        calls.act("await-contract-end"),
                        calls.act("reference-revert"),
                        calls.act("reference-finish"),
                        calls.act("reference-restore")),
                table -> cases.buckets()
                        .inLedger(cases.buckets().of(table.reference().bucket())));
    }

    /** Whether database, ledger and bucket agree. Needs {@link Capability#VERIFY}. */
    public Verifications verifications() {
        return new Verifications(
                services.database(),
                cases.buckets(),
                cases.entries(),
                cases.mediaPlaces(),
                cases.home(),
                calls.route("verify", VerifyReport.class));
    }

    /** The objects that nobody owns, to be removed as well. Needs {@link Capability#SWEEP}. */
    public Orphans orphans() {
        return cases.orphans(this::sweep);
    }

    /**
     * Runs once, now.
     *
     * @throws ServiceUnreachableException when the database stays away; the next run goes on where this one stopped
     */
    public RunReport migrate(RunOptions options) {
        return calls.request("direct:migrate", options, RunReport.class);
    }

    /** What a run would do, and runs that do exactly that. */
    public Plans plans() {
        return new Plans(services, cases, this::migrate);
    }

    /**
     * Imports a folder, now.
     *
     * @throws ServiceUnreachableException when the database stays away; asked again, it goes on where it stopped
     */
    public ImportReport importFolder(ImportOptions options) {
        return calls.request("direct:import-folder", options, ImportReport.class);
    }

    /**
     * Puts old values back.
     *
     * @throws ServiceUnreachableException when the database stays away; what was put back stays so
     */
    public RollbackReport rollback(RollbackOptions options) {
        return calls.request("direct:rollback", options, RollbackReport.class);
    }

    /** @return how many rolled back transfers later runs may take again */
    public int release(RollbackOptions options) {
        return calls.request("direct:release-rows", options, Integer.class);
    }

    /** Removes the objects of superseded transfers, as each run does at its beginning and end. */
    public void sweep() {
        calls.request("direct:sweep-objects", "", Object.class);
    }

    /**
     * Takes away the media that took too long or that nobody needs. Needs {@link Capability#UPLOAD_SWEEPS}.
     *
     * @param dryRun true to name them only
     */
    public SweepReport sweepUploads(boolean dryRun) {
        if (parts.registry().uploads().isEmpty()) {
            throw new ConfigurationException("the registry has no uploads: name types of media under uploads:");
        }
        return calls.request(
                "direct:sweep-uploads", parts.uploads().mediaSweeps().begin(dryRun), SweepReport.class, "");
    }

    /** @return why nothing is downloaded at the moment, in the store's words */
    public Optional<String> storePause() {
        return parts.startedRuns()
                .flatMap(runs -> parts.circuits().pauses().values().stream().findFirst())
                .map(Circuit.Pause::reason);
    }

    /** @param watcher hears of single media from now on */
    public void watch(Watcher watcher) {
        parts.runs().watch(watcher);
    }

    /** @return the runs under way in this process */
    public Collection<Run> currentRuns() {
        return parts == null
                ? List.of()
                : parts.startedRuns().map(Runs::current).orElse(List.of());
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public Services services() {
        return services;
    }

    /** @return address of the console. Needs {@link Capability#SERVE}. */
    public String console() {
        ServerSettings server = parts.server();
        // Who listens on all addresses is asked by none of that name.
        String name = Set.of("0.0.0.0", "::", "[::]").contains(server.host()) ? "127.0.0.1" : server.host();
        String host = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
        return "http://" + host + ":" + server.port() + "/console/";
    }

    /** @return what an operator wants to know of a service that has just started */
    public String describe() {
        ScheduleSettings schedule = parts.schedule();
        return "%d fields; next run %s; console: %s"
                        .formatted(
                                parts.runs().fields(),
                                schedule.next(Instant.now())
                                        .map(Instant::toString)
                                        .orElse("only by hand"),
                                console())
                + parts.api()
                        .map(api -> "; uploads: http://%s:%s%s".formatted(api.host(), api.port(), ApiSettings.BASE))
                        .orElse("");
    }

    /** No new claims: what is in flight is finished, then the runs end. */
    public void drain() {
        currentRuns().forEach(Run::stop);
        seats().ifPresent(Seats::stop);
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

    private Optional<Seats> seats() {
        return Optional.ofNullable(parts).flatMap(Parts::startedSeats);
    }

    private void awaitRuns() {
        long end = System.nanoTime() + DRAIN.toNanos();
        try {
            while ((!currentRuns().isEmpty() || seats().filter(Seats::areTaken).isPresent())
                    && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
