import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what the design promises of the code itself: {@code java bench/Figures.java}, in the project's directory. */
public final class Figures {

    private static final Set<String> STEPS = Set.of(
            "aggregate", "bean", "choice", "convertBodyTo", "delay", "enrich", "filter", "log", "loop", "marshal", "process",
            "removeHeader", "removeHeaders", "removeVariable", "setBody", "setHeader", "setHeaders", "setProperty", "setVariable",
            "split", "to", "toD", "unmarshal", "wireTap");
    private static final Pattern STEP = Pattern.compile("(?m)^ +- ([a-zA-Z]+):");
    private static final Pattern MOVES = Pattern.compile("set(Body|Headers?|Property|Variable)|remove(Headers?|Variable)");
    private static final Pattern STATE = Pattern.compile("\"(waiting|claimed|linked|superseded|dead|rolled_back|discarded)\"");

    private Figures() {}

    public static void main(String[] arguments) throws IOException {
        String routes = all(Path.of("routes"), ".yaml");
        String code = all(Path.of("src", "main", "java"), ".java");
        List<String> steps = STEP.matcher(routes)
                .results()
                .map(step -> step.group(1))
                .filter(STEPS::contains)
                .toList();
        long moving = steps.stream().filter(MOVES.asMatchPredicate()).count();
        line("route steps", steps.size());
        line("of them, that only move values", "%d (%.0f %%)".formatted(moving, 100.0 * moving / steps.size()));
        line("bean calls by name, each checked by BeanCallsTest", count(routes, "(?m)^ +method: "));
        line("statements that arrive as a header", count(routes, "CamelSqlQuery"));
        line("rows as maps: List<Map<String, Object>>", count(code, "List<Map<String, Object>>"));
        line("values of rows by name: row.get(\"...\")", count(code, "\\brow\\.get\\(\""));
        line("classes that compare a transfer's state as a text", statesAsText());
        line("packages with a class for pace", packages("HostLimiter|HostLimits|AdaptiveRate|TokenWindow|Permit"));
        line("route files of a package's name", String.join(" ", namesakes()));
        line("words of README.md", words(Path.of("README.md")));
        line("words of bench/README.md", words(Path.of("bench", "README.md")));
        line("options in the launcher", count(Files.readString(Path.of("mediaferry")), "(?<=[\" ])(-XX:|-X[a-z]+|--[a-z]+-)[^ \"]*"));
    }

    private static Set<String> namesakes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.map(file -> file.getFileName().toString().replace(".camel.yaml", ""))
                    .filter(name -> Files.isDirectory(Path.of("src/main/java/dev/mediaferry", name)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static long statesAsText() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> Pattern.compile("(equals\\(|case |getOrDefault\\()" + STATE.pattern())
                            .matcher(read(file))
                            .find())
                    .count();
        }
    }

    private static long packages(String names) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.getFileName().toString().matches("(" + names + ")\\.java"))
                    .map(Path::getParent)
                    .distinct()
                    .count();
        }
    }

    private static String all(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).map(Figures::read).collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long words(Path file) throws IOException {
        return Files.readString(file).split("\\s+").length;
    }

    private static long count(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().count();
    }

    private static void line(String what, Object figure) {
        System.out.printf("%-52s %s%n", what, figure);
    }
}
