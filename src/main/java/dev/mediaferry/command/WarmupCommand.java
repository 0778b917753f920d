package dev.mediaferry.command;

import dev.mediaferry.demo.Demo;
import dev.mediaferry.demo.SampleFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "warmup",
        hidden = true,
        header = "What the launcher has Java watch once, for a quicker start.",
        description = {
            "Does what the program is mostly used for on embedded servers and sample data: moves links, archives and imports "
                    + "files. Which classes and methods that takes is what Java keeps in its cache."
        })
final class WarmupCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Links that are moved, and files that are archived and imported. Default: ${DEFAULT-VALUE}.")
    private int rows;

    @Override
    public Integer call() throws IOException {
        try (Demo demo = Demo.start(global.settings(), GlobalOptions.routes(), rows, false)) {
            demo.run();
            SampleFiles files = SampleFiles.create(
                    new JdbcTemplate(demo.engine().services().database().pool()),
                    demo.home().resolve("files"),
                    rows);
            List<String> options = new ArrayList<>(
                    List.of("--json", "--registry", files.registry().toString()));
            demo.engine().services().settings().all().forEach((key, value) -> {
                options.add("--set");
                options.add(key + "=" + value);
            });
            return Stream.of(
                            List.of("status"),
                            List.of("archive"),
                            List.of("import", "run", files.root().toString()))
                    .mapToInt(command -> execute(command, options))
                    .max()
                    .getAsInt();
        }
    }

    private static int execute(List<String> command, List<String> options) {
        return MediaferryCommand.execute(
                Stream.concat(command.stream(), options.stream()).toArray(String[]::new));
    }
}
