package dev.mediaferry.command;

import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.engine.Store;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.BucketOptions;
import dev.mediaferry.storage.BucketReport;
import dev.mediaferry.storage.BucketReport.Step;
import dev.mediaferry.storage.BucketSetup;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.NamedBucket;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.uploads.UploadSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bucket",
        header = "The bucket: set it up, look whether it works.",
        description = {
            "Neither needs the database. What a store does not offer is shown as not-offered and is no failure.",
            "Exit code 1 when something failed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mediaferry bucket check",
            "  mediaferry bucket setup",
            "  mediaferry bucket setup --versioning --glacier-after 90d --cors https://app.example.com"
        })
final class BucketCommand implements Runnable {

    /** Stands for the origins that the settings name. */
    private static final String CONFIGURED = "mediaferry.api.cors-origins";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: bucket setup or bucket check");
    }

    @Command(
            name = "setup",
            header = "Creates the bucket when it is missing, and sets what is asked for.",
            description = {
                "Always: a lifecycle rule that removes the parts of interrupted uploads after 7 days, and an object "
                        + "written, read and removed as a proof. Rules of others are kept. It may be run again and again; "
                        + "what is not asked for stays as it is."
            })
    int setup(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..*",
                            description = "Of a bucket in the registry. Default: the configured one.")
                    List<String> names,
            @Option(
                            names = "--region",
                            paramLabel = "REGION",
                            description =
                                    "Where to create the bucket, in place of what mediaferry.storage.region says.")
                    String region,
            @Option(names = "--versioning", description = "Keep old versions of objects.") boolean versioning,
            @Option(
                            names = "--glacier-after",
                            paramLabel = "DAYS",
                            description = "Move objects to the storage class GLACIER after that many days, like 90d. "
                                    + "From there they cannot be read at once.")
                    String glacierAfter,
            @Option(
                            names = "--cors",
                            paramLabel = "ORIGIN",
                            arity = "0..1",
                            fallbackValue = CONFIGURED,
                            description = "Let scripts of web pages from there read and upload; repeatable. Without "
                                    + "ORIGIN: those of mediaferry.api.cors-origins. Takes the place of what an "
                                    + "earlier setup allowed.")
                    List<String> origins) {
        BucketOptions wishes = new BucketOptions(
                versioning,
                days(glacierAfter),
                origins == null
                        ? List.of()
                        : origins.stream()
                                .flatMap(origin -> origin.equals(CONFIGURED)
                                        ? configured(global.settings()).stream()
                                        : Stream.of(origin))
                                .distinct()
                                .toList());
        return report(global, output, names, Optional.ofNullable(region), setup -> setup.setUp(wishes));
    }

    @Command(
            name = "check",
            header = "Looks how the bucket stands.",
            description = {
                "Changes nothing but for an object that is written, read and removed.",
                "With mediaferry.api.cors-origins it asks the store, where browsers reach it (mediaferry.upload.endpoint), "
                        + "as pages of these origins do before they upload."
            })
    int check(
            @Mixin GlobalOptions global,
            @Mixin OutputOptions output,
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..*",
                            description = "Of a bucket in the registry. Default: the configured one.")
                    List<String> names) {
        Settings settings = global.settings();
        List<String> origins = ApiSettings.of(settings).corsOrigins();
        Optional<URI> endpoint = UploadSettings.of(settings).endpoint();
        return report(global, output, names, Optional.empty(), setup -> setup.check(origins, endpoint));
    }

    private static List<String> configured(Settings settings) {
        List<String> origins = ApiSettings.of(settings).corsOrigins();
        if (origins.isEmpty()) {
            throw new ConfigurationException(
                    "--cors without an origin takes those of mediaferry.api.cors-origins, which has none");
        }
        return origins;
    }

    private static int report(
            GlobalOptions global,
            OutputOptions output,
            List<String> names,
            Optional<String> region,
            Function<BucketSetup, BucketReport> action) {
        Settings settings = global.settings();
        // The embedded store has no regions.
        Settings used = region.filter(name -> !StorageSettings.embedded(settings))
                .map(name -> settings.with(Map.of("mediaferry.storage.region", name)))
                .orElse(settings);
        List<NamedBucket> named = names == null ? List.of() : global.registry().buckets();
        try (Store store = Store.open(used)) {
            List<BucketReport> reports = new ArrayList<>();
            for (StorageSettings bucket :
                    new Buckets(store.storage(), named).chosen(names == null ? List.of() : names)) {
                try (BucketSetup setup = new BucketSetup(bucket, region)) {
                    reports.add(action.apply(setup));
                }
            }
            output.print(Map.of("buckets", reports), () -> text(reports));
            return reports.stream().anyMatch(BucketReport::failed) ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private OptionalInt days(String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("\\d{1,5}d")) {
            throw new ParameterException(
                    spec.commandLine(), "--glacier-after must be a number of days like 90d, and is '" + text + "'");
        }
        return OptionalInt.of(Integer.parseInt(text.substring(0, text.length() - 1)));
    }

    private static String text(List<BucketReport> reports) {
        return reports.stream()
                .map(BucketCommand::text)
                .collect(Collectors.joining(System.lineSeparator().repeat(2)));
    }

    private static String text(BucketReport report) {
        TextTable table = new TextTable(report.bucket(), "", "");
        for (Step step : report.steps()) {
            table.row(step.what(), step.outcome(), step.detail());
        }
        return report.where() + System.lineSeparator() + table.toString().stripTrailing();
    }
}
