package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.YamlRoutes;
import dev.mediaferry.fixture.YamlRoutes.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that every route file keeps. */
class RouteConventionsTest {

    private static final int MOST_STEPS = 8;

    /** Routes from {@code direct:} that begin without a record, and why. */
    private static final Map<String, String> WITHOUT_RECORD = Map.ofEntries(
            Map.entry("recover-claims", "asks about all processes, whatever the run"),
            Map.entry("sweep-objects", "asks for all objects that nobody needs"),
            Map.entry("find-litter", "takes a row of the statement before"),
            Map.entry("find-sharers", "takes a list of transfers"),
            Map.entry("count-fields", "asks for every field"),
            Map.entry("recall-hosts", "asks for every host"),
            Map.entry("remember-hosts", "takes what there is to remember itself"),
            Map.entry("remember-pauses", "takes what there is to remember itself"),
            Map.entry("probe-bucket", "takes the name of a bucket"),
            Map.entry("read-claim", "takes a transfer's number"),
            Map.entry("obey-orders", "asks for every order"),
            Map.entry("sweep-derivatives", "asks for all objects that no derivative leads to"));

    /** Languages and components that would hide program code in a route. */
    private static final Set<String> SCRIPTS = Set.of(
            "script", "groovy", "js", "javascript", "joor", "java", "python", "mvel", "ognl", "spel", "jslt", "kotlin");

    /** How the classes of the engine bind a bean. */
    private static final Pattern BOUND = Pattern.compile("bind\\(\\s*(?:main,\\s*)?\"([A-Za-z-]+)\"");

    private static final Path STATEMENTS = Path.of("src/main/java/dev/mediaferry/engine/RouteStatements.java");

    /** How RouteStatements adds a statement. */
    private static final Pattern ADDED = Pattern.compile("\\.add\\(\\s*\"([a-z-]+)\"");

    /** A text of the map, and what it is. */
    private static final Pattern TEXT = Pattern.compile("<text class=\"([a-z]+)\"[^>]*>(.*?)</text>");

    static List<Route> routes() throws IOException {
        return YamlRoutes.routes();
    }

    @Test
    void findsTheRoutes() throws Exception {
        assertThat(routes())
                .extracting(Route::id)
                .contains("migrate", "ferry", "plan-page", "migrate-field", "sweep-objects");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void belongsToTheGroupOfItsFile(Route route) {
        assertThat(route.yaml().get("group")).isEqualTo(route.file().replace(".camel.yaml", ""));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void hasAnIdOfWordsAndADescriptionOfOneSentence(Route route) {
        assertThat(route.id()).matches("[a-z]+(-[a-z]+)*");
        assertThat(route.yaml().get("description"))
                .asString()
                .matches("[A-Z][^.!?]*\\.")
                .hasSizeLessThan(140);
    }

    @Test
    void usesEachIdOnce() throws Exception {
        assertThat(YamlRoutes.entries())
                .extracting(Route::id)
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void consumesOneAddressThatIsNamedLikeIt(Route route) {
        if (route.source().startsWith("direct:") && !route.source().contains("{{")) {
            assertThat(route.source()).isEqualTo("direct:" + route.id());
        }
    }

    @Test
    void sendsNothingToWhereNobodyListens() throws Exception {
        List<String> sources = routes().stream().map(Route::source).toList();
        assertThat(sources).doesNotHaveDuplicates();
        assertThat(YamlRoutes.uris())
                .filteredOn(uri -> uri.matches("(direct|seda):.*") && !uri.contains("{"))
                .isSubsetOf(sources);
    }

    @Test
    void hasNoRouteThatNobodyCalls() throws Exception {
        Set<String> called = new TreeSet<>(YamlRoutes.uris());
        called.addAll(List.of(
                "direct:migrate", "direct:rollback", "direct:release-rows", "direct:import-folder")); // by commands
        called.addAll(List.of("direct:list-dead-letters", "direct:show-transfer", "direct:retry-dead-letters"));
        called.addAll(List.of("direct:discard-dead-letters", "direct:verify")); // by commands and consoles
        called.add("direct:sweep-uploads"); // by commands
        called.addAll(List.of(
                "direct:reference-expand",
                "direct:reference-backfill",
                "direct:reference-verify",
                "direct:reference-contract",
                "direct:reference-revert",
                "direct:await-contract-end",
                "direct:reference-finish",
                "direct:reference-restore")); // by commands
        called.add("direct:{{field}}"); // by run-field, as direct:${variable.field.route}
        assertThat(routes())
                .extracting(Route::source)
                .filteredOn(source -> source.matches("(direct|seda):.*"))
                .isSubsetOf(called);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void leavesErrorsToItsCallerOrNamesAPolicy(Route route) throws Exception {
        Object configuration = route.yaml().get("routeConfigurationId");
        if (configuration == null) {
            // What comes from another process stays where it came from when it cannot be taken.
            assertThat(route.source()).matches("direct:.*|\\{\\{mediaferry\\.dispatch\\.endpoint}}");
            assertThat(route.yaml().get("errorHandler")).isEqualTo(Map.of("noErrorHandler", Map.of()));
        } else {
            assertThat(route.yaml()).doesNotContainKey("errorHandler");
            assertThat(YamlRoutes.entries())
                    .filteredOn(entry -> entry.kind().equals("routeConfiguration"))
                    .extracting(Route::id)
                    .contains((String) configuration);
        }
    }

    @Test
    void keepsErrorPoliciesInOneFile() throws Exception {
        assertThat(YamlRoutes.entries())
                .filteredOn(entry -> entry.kind().equals("routeConfiguration"))
                .isNotEmpty()
                .allMatch(entry -> entry.file().equals("errors.camel.yaml"));
        assertThat(YamlRoutes.keys()).filteredOn("doTry"::equals).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void beginsWithItsRecord(Route route) throws Exception {
        if (requested().contains(route.source())) {
            assertThat(route.steps().get(0)).isEqualTo(Map.of("process", Map.of("ref", "api-request")));
        } else if (route.source().startsWith("direct:") && !WITHOUT_RECORD.containsKey(route.id())) {
            Map<String, Object> first = route.steps().get(0);
            assertThat(first).containsOnlyKeys("convertBodyTo");
            String type = (String) YamlRoutes.map(first.get("convertBodyTo")).get("type");
            assertThat(Class.forName(type).getPackageName()).startsWith("dev.mediaferry.");
        }
    }

    @Test
    void hasNoExceptionThatIsNoneAnyMore() throws Exception {
        assertThat(routes())
                .filteredOn(route -> WITHOUT_RECORD.containsKey(route.id()))
                .hasSameSizeAs(WITHOUT_RECORD.keySet())
                .noneMatch(route -> route.steps().get(0).containsKey("convertBodyTo"));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void fitsIntoOneLook(Route route) {
        assertThat(route.steps()).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_STEPS);
    }

    @Test
    void holdsNoProgramCode() throws Exception {
        assertThat(YamlRoutes.keys()).doesNotContainAnyElementsOf(SCRIPTS);
        assertThat(YamlRoutes.uris()).noneMatch(uri -> uri.matches("(language|exec|class|groovy|bean):.*"));
    }

    @Test
    void namesNoHostAndNoKey() throws Exception {
        for (Path file : YamlRoutes.files()) {
            // An address has the name that clients know.
            String text = Files.readString(file).replaceAll("(?m)^\\s*#.*", "").replace("- path: /upload-token\n", "");
            assertThat(text)
                    .doesNotContainPattern("https?://")
                    .doesNotContainPattern("\\b\\d{1,3}(\\.\\d{1,3}){3}\\b")
                    .doesNotContainPattern("\\b[a-z0-9-]+\\.(com|org|net|io|dev|example)\\b")
                    .doesNotContainPattern("(?i)(access-?key|secret|password|token)");
        }
    }

    @Test
    void keepsAddressesFromDataOutOfEndpoints() throws Exception {
        // The name of an entry: from the registry.
        assertThat(YamlRoutes.uris())
                .filteredOn(uri -> uri.contains("${"))
                .containsExactly("direct:${variable.field.route}");
        assertThat(YamlRoutes.uris())
                .filteredOn(uri -> uri.startsWith("http"))
                .containsExactlyInAnyOrder("http:media", "http:receiver", "http:resolver", "http:size");
    }

    @Test
    void writesNoBodyNoHeadersAndNoLinkIntoTheLog() throws Exception {
        assertThat(YamlRoutes.values("message"))
                .isNotEmpty()
                .noneMatch(message ->
                        message.matches("(?s).*\\$\\{(body|in|header|headers|exchangeProperty|variable|all).*"));
        assertThat(YamlRoutes.uris()).noneMatch(uri -> uri.startsWith("log:"));
    }

    @Test
    void refersToBeansThatAreBound() throws Exception {
        Set<String> bound = new TreeSet<>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/mediaferry/engine"))) {
            for (Path source : sources.toList()) {
                BOUND.matcher(Files.readString(source)).results().forEach(match -> bound.add(match.group(1)));
            }
        }
        Set<String> referred = new TreeSet<>(YamlRoutes.values("ref"));
        referred.addAll(YamlRoutes.refExpressions());
        for (String value : YamlRoutes.allValues()) {
            if (value.startsWith("#") && !value.startsWith("#class:")) {
                referred.add(value.substring(1));
            }
        }
        assertThat(referred).contains("runs", "claims", "objectStore", "time-to-wait", "relinkPool");
        assertThat(bound).containsAll(referred);
    }

    @Test
    void refersToStatementsThatAreThere() throws Exception {
        Set<String> there = ADDED.matcher(Files.readString(STATEMENTS))
                .results()
                .map(added -> added.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = YamlRoutes.uris().stream()
                .filter(uri -> uri.startsWith("sql:"))
                .map(uri -> uri.replaceAll("^sql:(classpath:sql/)?|\\.sql$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).isEqualTo(there).contains("open-run", "plan-transfers", "claim-rows");
    }

    @Test
    void standsOnTheMapWithItsFileAndItsErrorPolicy() throws Exception {
        String map = Files.readString(Path.of("docs/route-map.svg"));
        Set<String> words = new TreeSet<>();
        Set<String> drawn = new TreeSet<>();
        TEXT.matcher(map).results().forEach(text -> {
            String[] names = text.group(2).replaceAll("<[^>]*>", " ").split("[^a-zA-Z.-]+");
            words.addAll(List.of(names));
            if (text.group(1).matches("name|conf")) {
                drawn.addAll(List.of(names));
            }
        });
        List<String> ids = YamlRoutes.entries().stream().map(Route::id).toList();
        assertThat(words).containsAll(ids);
        assertThat(drawn)
                .isSubsetOf(Stream.concat(ids.stream(), Stream.of("commands", "Table.column"))
                        .toList());
        assertThat(map.replaceAll("<[^>]*>", ""))
                .contains(YamlRoutes.files().stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }

    /** @return sources of the routes that answer requests of the API */
    private static Set<String> requested() throws IOException {
        Set<String> requested = new TreeSet<>();
        for (Route entry : YamlRoutes.entries()) {
            if (entry.kind().equals("rest")) {
                YamlRoutes.walk(entry.yaml(), (key, value) -> {
                    if (key.equals("to")) {
                        requested.add((String) YamlRoutes.map(value).get("uri"));
                    }
                });
            }
        }
        assertThat(requested).hasSizeGreaterThan(5);
        return requested;
    }
}
