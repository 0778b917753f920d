package dev.mediaferry.command;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.Redaction;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.registry.RegistryFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

@Command(
        name = "mediaferry",
        description =
                "Moves the media that your database points at into your own S3 bucket, and rewrites the pointers.",
        mixinStandardHelpOptions = true,
        versionProvider = MediaferryCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {
            "Start with:  mediaferry demo",
            "Settings:    application.properties, each explained there; or MEDIAFERRY_… in the environment, or --set",
            "Registry:    registry.yaml, one line per column",
            "Exit codes:  0 done   1 some media failed   2 usage or configuration error   3 a service cannot be reached"
        })
public final class MediaferryCommand implements Runnable {

    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            PlanCommand.class,
            MigrateCommand.class,
            ImportCommand.class,
            StatusCommand.class,
            DeadLettersCommand.class,
            RollbackCommand.class,
            HostsCommand.class,
            ActsCommand.class,
            EntriesCommand.class,
            LookupCommand.class,
            VerifyCommand.class,
            OrphansCommand.class,
            QuarantineCommand.class,
            ArchiveCommand.class,
            BucketCommand.class,
            DeriveCommand.class,
            LedgerCommand.class,
            MediaCommand.class,
            ReferencesCommand.class,
            RunCommand.class,
            WarmupCommand.class,
            CommandLine.HelpCommand.class);

    /** Commands that scripts may still call by the names they had. */
    private static final Map<String, String> FORMER_NAMES = Map.of("placeholders", "quarantine", "rehearse", "warmup");

    @Spec
    private CommandSpec spec;

    /** @return the exit code */
    public static int execute(String... given) {
        String[] args = given.clone();
        if (args.length > 0) {
            args[0] = FORMER_NAMES.getOrDefault(args[0], args[0]);
        }
        // While SLF4J looks for Logback, it gives other threads a stand-in.
        LoggerFactory.getILoggerFactory();
        // Nearly every command needs it, and it takes as long as reading the command line.
        RegistryFile.prepare();
        CommandLine line = new CommandLine(new MediaferryCommand());
        commands(args).forEach(line::addSubcommand);
        return line.setExecutionExceptionHandler(MediaferryCommand::report).execute(args);
    }

    /** Getting to know all of them would take a good part of a short command's time. */
    private static List<Class<?>> commands(String... args) {
        return COMMANDS.stream()
                .filter(command -> args.length > 0
                        && command != CommandLine.HelpCommand.class
                        && command.getAnnotation(Command.class).name().equals(args[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    private static int report(Exception thrown, CommandLine command, ParseResult parsed) throws Exception {
        if (thrown instanceof ParameterException usage) {
            return command.getParameterExceptionHandler().handleParseException(usage, new String[0]);
        }
        if (Shutdown.explains(thrown)) {
            return ExitCode.DONE;
        }
        Exception e = thrown instanceof DataAccessException ? FailureClassifier.ended(thrown, "") : thrown;
        Optional<String> cancelled =
                e instanceof MediaferryException ? Optional.empty() : FailureClassifier.cancelled(e);
        if (cancelled.isPresent()) {
            System.err.println("mediaferry: " + cancelled.get());
            return ExitCode.UNREACHABLE;
        }
        boolean verbose = command.getParseResult().hasMatchedOption("--verbose");
        if (e instanceof MediaferryException known) {
            known.getMessage().lines().forEach(line -> System.err.println("mediaferry: " + Redaction.of(line)));
        } else {
            System.err.println("mediaferry: unforeseen error: " + Redaction.of(e.toString()));
        }
        if (verbose) {
            e.printStackTrace();
        } else if (!(e instanceof MediaferryException)) {
            System.err.println("mediaferry: run it again with -v to see where it came from");
        }
        return e instanceof ConfigurationException
                ? ExitCode.USAGE
                : e instanceof ServiceUnreachableException ? ExitCode.UNREACHABLE : ExitCode.SOME_FAILED;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = MediaferryCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "Mediaferry " + (version == null ? "(development)" : version) + ", Java "
                        + System.getProperty("java.version")
            };
        }
    }
}
