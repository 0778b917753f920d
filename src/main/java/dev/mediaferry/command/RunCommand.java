package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Registry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        header = "The service.",
        description = {
            "Starts a run whenever mediaferry.schedule says so, and answers on mediaferry.server.host and port:",
            "/console (pages to see it and steer it), /observe/health, /observe/metrics (Prometheus), /q/dev (Camel's"
                    + " developer console). JMX shows every field as a route of its own, to be suspended and resumed.",
            "With uploads: in the registry clients upload by mediaferry.api.host and port (docs/uploads.md).",
            "SIGTERM ends it in order: what is in flight is finished, the rest is given back."
        })
final class RunCommand implements Callable<Integer> {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    @Mixin
    private GlobalOptions global;

    @Override
    public Integer call() throws InterruptedException {
        global.logProgress();
        Registry registry = global.registry();
        Services services = global.services();
        if (services.borrowed()) {
            services.close();
            throw new ConfigurationException("another process runs the embedded servers of mediaferry.home already; "
                    + "stop it first, or give this service a home, or a database and a store, of its own");
        }
        try (Shutdown shutdown = new Shutdown()) {
            return awaitTables(services, registry, shutdown) ? serve(services, registry, shutdown) : ExitCode.DONE;
        }
    }

    /**
     * Keeps an embedded database up until it has the tables of the registry: nobody could create them before.
     *
     * @return false when the process was asked to stop meanwhile
     */
    private static boolean awaitTables(Services services, Registry registry, Shutdown shutdown)
            throws InterruptedException {
        if (!services.embeddedDatabase()) {
            return true;
        }
        String told = "";
        while (true) {
            try {
                services.entries(registry);
                return true;
            } catch (ConfigurationException e) {
                if (!told.equals(e.getMessage())) {
                    told = e.getMessage();
                    System.err.println(told + System.lineSeparator() + "Waiting for them; Ctrl-C ends it.");
                }
            }
            if (shutdown.await(LOOK_AGAIN)) {
                services.close();
                return false;
            }
        }
    }

    private static int serve(Services services, Registry registry, Shutdown shutdown) throws InterruptedException {
        try (Engine engine = Engine.start(services, registry, GlobalOptions.routes(), Set.of(Capability.SERVE))) {
            shutdown.onStop(engine::drain);
            System.err.println(engine.describe());
            shutdown.await();
            return ExitCode.DONE;
        }
    }
}
