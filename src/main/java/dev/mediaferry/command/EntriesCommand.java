package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.steer.EntryOrders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "entries",
        header = "Which entries are suspended, and their suspension.",
        description = {
            "A suspended entry is drained: what is in flight is finished, and nothing more of it is claimed, in this"
                    + " run and later ones, until it is resumed. In force in every process within a second."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry entries",
            "  mediaferry entries suspend LinkedInProfile.profilePic",
            "  mediaferry entries resume LinkedInProfile.profilePic"
        })
final class EntriesCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Registry registry = global.registry();
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            List<EntryOrders.Entry> entries = cases.entryOrders().all();
            output.print(Map.of("entries", entries), () -> text(entries));
            return ExitCode.DONE;
        }
    }

    private static String text(List<EntryOrders.Entry> entries) {
        TextTable table = new TextTable("ENTRY", "STATE", "IN FLIGHT", "SINCE", "BY");
        entries.forEach(entry -> table.row(
                entry.entry(),
                entry.suspended() ? "suspended" : "active",
                entry.inFlight(),
                entry.since(),
                entry.by() == null ? null : LedgerOptions.plain(entry.by())));
        return table.toString().strip();
    }

    @Command(name = "suspend", description = "Drains an entry, and keeps it so.")
    int suspend(@Mixin GlobalOptions options, @Parameters(paramLabel = "ENTRY") String entry) {
        return act(options, "suspend-entry", entry, true);
    }

    @Command(name = "resume", description = "Lets an entry go on, with the next run.")
    int resume(@Mixin GlobalOptions options, @Parameters(paramLabel = "ENTRY") String entry) {
        return act(options, "resume-entry", entry, false);
    }

    private static int act(GlobalOptions options, String act, String entry, boolean suspended) {
        try (Services services = options.services();
                UseCases cases = new UseCases(services, options.registry())) {
            Map<String, Object> unused = Audited.act(cases.audit(), act, Map.of("entry", entry), who -> {
                cases.entryOrders().suspend(entry, suspended, who);
                return Map.of();
            });
            System.out.println("In force within a second.");
            return ExitCode.DONE;
        }
    }
}
