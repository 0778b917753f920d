package dev.mediaferry.command;

import dev.mediaferry.engine.Services;
import dev.mediaferry.engine.UseCases;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.verify.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "lookup",
        header = "What is this link, or this object, about?",
        description = {
            "Shows the transfers that a link belongs to, old or new, or an object by its address or key; what the record holds "
                    + "now; and whether the object is there. Queries of links, in which signatures are, are left out.",
            "Reads the ledger once, and changes nothing. Exit code 1 when nothing is known."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry lookup 'https://media.licdn.com/dms/image/…?e=1767225600&…'",
            "  mediaferry lookup https://media.example.com/profile-avatars/cm3x9k2/1700000000000-a1b2c3d4.jpg",
            "  mediaferry lookup profile-avatars/cm3x9k2/1700000000000-a1b2c3d4.jpg --json"
        })
final class LookupCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "URL|KEY", description = "A link, an address of an object in any form, or its key.")
    private String asked;

    @Override
    public Integer call() {
        Registry registry = global.registry();
        try (Services services = global.services();
                UseCases cases = new UseCases(services, registry)) {
            Found found = cases.lookup().of(asked);
            output.print(found, () -> text(found));
            return found.nothing() ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private static String text(Found found) {
        if (found.nothing()) {
            return "Nothing is known of " + LedgerOptions.plain(found.asked());
        }
        List<String> lines = new ArrayList<>();
        for (Found.Moved transfer : found.transfers()) {
            lines.add("Transfer %d of %s row %s: %s%s"
                    .formatted(
                            transfer.transfer(),
                            transfer.entry(),
                            transfer.row(),
                            transfer.state(),
                            transfer.failure() == null
                                    ? ""
                                    : " (" + transfer.failure() + ": " + transfer.message() + ")"));
            line(lines, "from", transfer.source());
            line(lines, "requested", transfer.requested());
            line(lines, "to", transfer.target());
            line(lines, "key", transfer.key());
            line(lines, "object", object(transfer));
            line(
                    lines,
                    "times",
                    "found %s, changed %s%s"
                            .formatted(
                                    transfer.found(),
                                    transfer.updated(),
                                    transfer.run() == null ? "" : ", run " + transfer.run()));
        }
        for (Found.Held record : found.records()) {
            lines.add("Record %s of %s holds %s%s"
                    .formatted(
                            record.id(),
                            record.entry(),
                            record.transfer() == null
                                    ? "the link, of which no transfer knows"
                                    : record.holds().equals("something else")
                                                    || record.holds().equals("nothing")
                                            ? record.holds()
                                            : "the " + record.holds() + " of transfer " + record.transfer(),
                            record.value() == null ? "" : ": " + record.value()));
        }
        for (Found.Stored object : found.objects()) {
            lines.add(
                    object.there()
                            ? "Object %s in bucket %s: %s, %s, %s"
                                    .formatted(
                                            object.key(),
                                            object.bucket(),
                                            ReportText.bytes(object.bytes()),
                                            object.contentType(),
                                            object.ours()
                                                    ? "stored by transfer " + object.transfer()
                                                    : object.ledger() == null
                                                            ? "carries no ledger's id"
                                                            : "of another ledger, " + object.ledger())
                            : "Object %s in bucket %s: not there".formatted(object.key(), object.bucket()));
        }
        return lines.stream().map(LedgerOptions::plain).collect(Collectors.joining(System.lineSeparator()));
    }

    private static String object(Found.Moved transfer) {
        return transfer.bytes() == null
                ? transfer.objectState()
                : transfer.objectState() + ", " + ReportText.bytes(transfer.bytes()) + ", " + transfer.contentType()
                        + ", SHA-256 " + transfer.sha256();
    }

    private static void line(List<String> lines, String label, String value) {
        if (value != null) {
            lines.add("  %-10s%s".formatted(label, value));
        }
    }
}
