package dev.mediaferry.command;

import dev.mediaferry.demo.Demo;
import dev.mediaferry.demo.SampleFiles;
import dev.mediaferry.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        hidden = true,
        header = "What the launcher has Java watch once, for a quicker start.",
        description = {
            "Does what the program is mostly used for on embedded servers and sample data: moves links, archives and imports "
                    + "files. Which classes and methods that takes is what Java keeps in its cache."
        })
final class RehearseCommand implements Callable<Integer> {

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
        try (Demo demo = Demo.start(global.settings(), GlobalOptions.routes(), rows)) {
            demo.run();
            SampleFiles files = SampleFiles.create(
                    new JdbcTemplate(demo.engine().services().database().pool()),
                    demo.home().resolve("files"),
                    rows);
            List<String> where = List.of(
                    "--json",
                    "--registry",
                    files.registry().toString(),
                    "--properties",
                    properties(demo.engine().services().settings(), demo.home().resolve("files.properties"))
                            .toString());
            return List.of(
                            List.of("status"),
                            List.of("archive"),
                            List.of("import", "run", files.root().toString()))
                    .stream()
                    .mapToInt(command -> execute(command, where))
                    .max()
                    .getAsInt();
        }
    }

    private static int execute(List<String> command, List<String> options) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(options);
        return MediaferryCommand.execute(arguments.toArray(String[]::new));
    }

    /** What a user would have written down who has these servers. */
    private static Path properties(Settings settings, Path file) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings.all());
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }
}
