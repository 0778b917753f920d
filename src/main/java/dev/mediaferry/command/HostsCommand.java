package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.steer.Hosts;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "hosts",
        header = "How fast hosts are asked, and what you want of them.",
        description = {
            "Lists the hosts that links wait for, that are slowed down or shut out, and that somebody has a wish for.",
            "pause, resume and rate are in force in every process within a second, and stay so until they are taken"
                    + " back. Rows of a paused host are left to a later run. A rate only makes a host slower than it is"
                    + " configured."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry hosts",
            "  mediaferry hosts pause cdn.example.com",
            "  mediaferry hosts resume cdn.example.com",
            "  mediaferry hosts rate cdn.example.com 0.5",
            "  mediaferry hosts rate cdn.example.com any"
        })
final class HostsCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        try (Services services = global.services();
                UseCases cases = new UseCases(services, global.registry())) {
            List<Hosts.Host> hosts = cases.hosts().all();
            output.print(Map.of("hosts", hosts), () -> text(hosts));
            return ExitCode.DONE;
        }
    }

    private static String text(List<Hosts.Host> hosts) {
        if (hosts.isEmpty()) {
            return "No link waits, and no host complains.";
        }
        TextTable table = new TextTable("HOST", "WAITING", "PAUSE MS", "LEARNT/S", "SHUT OUT UNTIL", "WISH", "BY");
        for (Hosts.Host host : hosts) {
            table.row(
                    LedgerOptions.plain(host.host()),
                    host.waiting(),
                    host.configuredMillis(),
                    host.rate() == null ? null : String.format(Locale.ROOT, "%.1f", host.rate()),
                    host.shutOutUntil(),
                    (host.paused() ? "paused " : "")
                            + (host.ordered() == null ? "" : "at most " + host.ordered() + "/s"),
                    host.orderedBy() == null ? null : LedgerOptions.plain(host.orderedBy()));
        }
        return table.toString().strip();
    }

    @Command(name = "pause", description = "Has nobody ask a host, until it is resumed.")
    int pause(@Mixin GlobalOptions options, @Parameters(paramLabel = "HOST") String host) {
        return act(options, "pause-host", Map.of("host", host), (hosts, who) -> hosts.pause(host, true, who));
    }

    @Command(name = "resume", description = "Lets a host be asked again.")
    int resume(@Mixin GlobalOptions options, @Parameters(paramLabel = "HOST") String host) {
        return act(options, "resume-host", Map.of("host", host), (hosts, who) -> hosts.pause(host, false, who));
    }

    @Command(name = "rate", description = "Sets the requests per second to a host, at most; any takes it back.")
    int rate(
            @Mixin GlobalOptions options,
            @Parameters(paramLabel = "HOST") String host,
            @Parameters(paramLabel = "RATE", description = "Like 0.5 or 20, or any.") String rate) {
        Map<String, Object> subject = new HashMap<>(Map.of("host", host, "rate", rate));
        return act(options, "set-host-rate", subject, (hosts, who) -> hosts.setRate(host, number(rate), who));
    }

    private static Double number(String rate) {
        try {
            return rate.equals("any") ? null : Double.valueOf(rate);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("a rate is a number of requests per second, like 0.5 or 20, or any");
        }
    }

    private static int act(GlobalOptions options, String act, Map<String, ?> subject, BiConsumer<Hosts, String> what) {
        try (Services services = options.services();
                UseCases cases = new UseCases(services, options.registry())) {
            Map<String, Object> unused = Audited.act(cases.audit(), act, subject, who -> {
                what.accept(cases.hosts(), who);
                return Map.of();
            });
            System.out.println("In force within a second.");
            return ExitCode.DONE;
        }
    }
}
