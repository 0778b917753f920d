package dev.mediaferry.command;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.RollbackReport;
import dev.mediaferry.settings.Names;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "rollback",
        header = "Put old values back.",
        description = {
            "Gives the chosen rows back the exact values that they had before they were moved. A row that has changed since "
                    + "is a conflict: it is listed, and left as it is. Later runs leave rolled back rows alone, until "
                    + "--undo releases them.",
            "Most old links have expired by then: look at --dry-run first."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry rollback --run 42 --dry-run",
            "  mediaferry rollback --row LinkedInProfile.profilePic:cm3x9k2",
            "  mediaferry rollback --field LinkedInProfile.profilePic --since 2026-01-31 --delete-objects",
            "  mediaferry rollback --run 42 --undo"
        })
final class RollbackCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "ID", description = "Rows that this run has moved; status lists the runs.")
    private Long run;

    @Option(names = "--field", paramLabel = "FIELD", description = "Rows of this field, Table.column.")
    private String field;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Rows moved at this time or later: 2026-01-31 (UTC) or 2026-01-31T08:00:00Z.")
    private String since;

    @Option(names = "--row", paramLabel = "FIELD:ID", description = "One row, like LinkedInProfile.profilePic:cm3x9k2.")
    private String row;

    @Option(names = "--dry-run", description = "Change nothing; say what would be restored, and what is a conflict.")
    private boolean dryRun;

    @Option(
            names = "--delete-objects",
            description =
                    "Remove the objects, too, once their pointers are back: those that this ledger has stored, that "
                            + "are unchanged, and that no other transfer and no other row of the registry's tables leads to. Also "
                            + "for rows that were rolled back before.")
    private boolean deleteObjects;

    @Option(
            names = "--undo",
            description =
                    "Release rows that were rolled back: the next run moves them again. Where the object is still "
                            + "in the bucket it is taken over without a download.")
    private boolean undo;

    @Override
    public Integer call() {
        if (undo && (dryRun || deleteObjects)) {
            throw usage("--undo goes with neither --dry-run nor --delete-objects");
        }
        Registry registry = global.registry();
        RollbackOptions options = options(registry);
        registry.check(options.field().stream().toList());
        try (Engine engine = global.engine(registry, Capability.ROLLBACK)) {
            if (undo) {
                Map<String, Integer> released = Audited.act(
                        engine.cases().audit(),
                        "release-rollback",
                        subject(),
                        who -> Map.of("released", engine.release(options)));
                output.print(
                        released, () -> "%,d rows are moved again by the next run".formatted(released.get("released")));
                return ExitCode.DONE;
            }
            RollbackReport report = dryRun
                    ? engine.rollback(options)
                    : Audited.act(engine.cases().audit(), "rollback", subject(), who -> engine.rollback(options));
            output.print(report, () -> text(report));
            return report.failed() ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private RollbackOptions options(Registry registry) {
        if (run == null && field == null && since == null && row == null) {
            throw usage("say what is to be undone: --run, --field, --since or --row");
        }
        String rowField = row == null ? null : fieldOf(registry);
        if (rowField != null && field != null && !rowField.equals(field)) {
            throw usage("--row is of " + rowField + ", --field is " + field);
        }
        return new RollbackOptions(
                run == null ? OptionalLong.empty() : OptionalLong.of(run),
                Optional.ofNullable(rowField == null ? field : rowField),
                Optional.ofNullable(since).map(this::instant),
                Optional.ofNullable(row).map(text -> text.substring(rowField.length() + 1)),
                dryRun,
                deleteObjects);
    }

    private Map<String, Object> subject() {
        Map<String, Object> subject = new TreeMap<>();
        Optional.ofNullable(run).ifPresent(id -> subject.put("run", id));
        Optional.ofNullable(field).ifPresent(name -> subject.put("entry", name));
        Optional.ofNullable(since).ifPresent(time -> subject.put("since", time));
        Optional.ofNullable(row).ifPresent(id -> subject.put("row", id));
        if (deleteObjects) {
            subject.put("deleteObjects", true);
        }
        return subject;
    }

    /** Ids may have colons, and so may names of tables. */
    private String fieldOf(Registry registry) {
        List<String> names = registry.names();
        return names.stream()
                .filter(name -> row.startsWith(name + ":") && row.length() > name.length() + 1)
                .findFirst()
                .orElseThrow(
                        () -> usage("--row must be Table.column:ID of a field in the registry, and is '" + row + "'"
                                + Names.nearest(row.replaceFirst(":.*", ""), names)
                                        .map(name -> "; did you mean " + name + ":ID?")
                                        .orElse("")));
    }

    private Instant instant(String text) {
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw usage("--since must be a date like 2026-01-31, or a time like 2026-01-31T08:00:00Z");
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private static List<String> objects(RollbackReport report) {
        long all = report.objectsRemoved()
                + report.objectsGone()
                + report.objectsKept()
                + report.objectsNotOurs()
                + report.objectsFailed();
        if (all == 0) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                ("Objects: %,d removed, %,d kept since something else needs them, %,d kept since they may be others', "
                                + "%,d gone before, %,d that the store did not remove")
                        .formatted(
                                report.objectsRemoved(),
                                report.objectsKept(),
                                report.objectsNotOurs(),
                                report.objectsGone(),
                                report.objectsFailed()));
        report.kept().forEach(kept -> lines.add("  " + kept.key() + "  " + kept.reason()));
        return lines;
    }

    static String text(RollbackReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                report.dryRun()
                        ? "Dry run: %,d of %,d rows would get their old value back, nothing was changed"
                                .formatted(report.restored(), report.found())
                        : "%,d of %,d rows have their old value again".formatted(report.restored(), report.found()));
        if (report.mediaKept() > 0) {
            lines.add("Media that stay, with their objects: %,d".formatted(report.mediaKept()));
            report.media().forEach(row -> lines.add("  " + row.field() + ":" + row.id() + "  " + row.reason()));
        }
        lines.addAll(objects(report));
        long left = report.conflicts() + report.locked() + report.refused();
        if (left > 0) {
            lines.add("Left as they are: %,d changed since, %,d locked, %,d refused by the database"
                    .formatted(report.conflicts(), report.locked(), report.refused()));
            report.rows().forEach(row -> lines.add("  " + row.field() + ":" + row.id() + "  " + row.reason()));
            if (left > report.rows().size()) {
                lines.add("  and %,d more".formatted(left - report.rows().size()));
            }
        }
        return String.join(System.lineSeparator(), lines);
    }
}
