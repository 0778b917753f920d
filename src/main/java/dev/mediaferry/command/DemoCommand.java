package dev.mediaferry.command;

import dev.mediaferry.demo.Demo;
import dev.mediaferry.run.RunReport;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        header = "The main job on sample data, with nothing to configure.",
        description = {
            "Starts an embedded PostgreSQL, an embedded S3 server and a small CDN that misbehaves, creates tables with"
                    + " rows in every state, moves their media, and shows what became of them. A console shows it all, and"
                    + " a page takes uploads, until you press Ctrl-C.",
            "Everything lies in .mediaferry/demo and is made anew each time. Exits 0 when the outcome is the planned"
                    + " one."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  mediaferry demo", "  mediaferry demo --rows 20000 --once"})
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "40",
            description = "Rows in all tables together, at least 20. Default: ${DEFAULT-VALUE}.")
    private int rows;

    @Option(names = "--once", description = "End after the run, instead of staying up for inspection.")
    private boolean once;

    @Override
    public Integer call() throws InterruptedException {
        try (Shutdown shutdown = new Shutdown();
                Demo demo = Demo.start(global.settings(), GlobalOptions.routes(), rows, !once)) {
            shutdown.onStop(demo.engine()::drain);
            RunReport report;
            try (Progress progress = Progress.of(demo.engine())) {
                report = demo.run();
            }
            output.print(report, () -> text(demo, report));
            List<String> differences = demo.differences(report);
            differences.forEach(difference -> System.err.println("not as planned: " + difference));
            if (!once) {
                System.err.println(inspection(demo));
                shutdown.await();
            }
            return differences.isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private static String text(Demo demo, RunReport report) {
        StringBuilder text = new StringBuilder();
        for (Demo.BeforeAndAfter row : demo.examples()) {
            text.append(row.field()).append(" of row ").append(row.id()).append(System.lineSeparator());
            text.append("  before  ").append(row.before()).append(System.lineSeparator());
            boolean same = row.before().equals(row.after());
            text.append("  after   ").append(same ? "unchanged" : row.after()).append(System.lineSeparator());
        }
        return text + System.lineSeparator() + ReportText.of(report);
    }

    private static String inspection(Demo demo) {
        return """

                Everything stays up until you press Ctrl-C. Meanwhile:
                  see it, and steer it, in the console: %s
                  upload files in a browser: %s
                  open one of the new links above in a browser
                  PGSERVICEFILE=%s/pg_service.conf psql service=mediaferry
                  ./mediaferry status --set mediaferry.home=%s
                Your own database: put its address and your bucket into application.properties, name your columns in
                registry.yaml, and see  ./mediaferry migrate --dry-run"""
                .formatted(demo.console().orElseThrow(), demo.uploadPage().orElseThrow(), demo.home(), demo.home());
    }
}
