package dev.mediaferry.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    /** A key in the code, without its prefix, as it stands in calls like {@code settings.text("server.host")}. */
    private static final Pattern READ = Pattern.compile(
            "(?:settings|settings\\(\\)|given)\\s*\\.(?:text|optional|secret|flag|optionalFlag|integer|duration|bytes|path|program|parse)"
                    + "\\(\\s*\"([a-z][a-z0-9.-]*)\"");

    /** May lie in a file as well. */
    private static final Pattern SECRET = Pattern.compile("\\.secret\\(\\s*\"([a-z][a-z0-9.-]*)\"");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(mediaferry\\.[a-z0-9.-]+)}}");

    /** A placeholder that {@code CamelProperties} fills from the settings before the routes start. */
    private static final Pattern DERIVED = Pattern.compile("setProperty\\(\\s*\"(mediaferry\\.[a-z0-9.-]+)\"");

    private static final Pattern NAMED = Pattern.compile("\\bmediaferry\\.(?:%s)\\b(?:[a-z0-9.-]*[a-z0-9])?(?!\\.\")"
            .formatted("home|database|storage|fetch|schedule|server|api|auth|upload|scan|cdn|log"));

    private static final Pattern LAUNCHER = Pattern.compile("\\bMEDIAFERRY_[A-Z_]+");

    private final Reference reference = Reference.read();

    @Test
    void documentsEveryKeyThatIsRead() throws Exception {
        assertThat(reference.keys()).containsAll(keysRead());
    }

    @Test
    void documentsNoKeyThatNobodyReads() throws Exception {
        assertThat(keysRead()).containsAll(reference.keys());
    }

    @Test
    void knowsEveryKeyThatAMessageNames() throws Exception {
        Set<String> named = new TreeSet<>();
        for (String file : texts(Path.of("src/main/java"), ".java")) {
            NAMED.matcher(file.replaceAll("(?m)^(package|import) .*", ""))
                    .results()
                    .forEach(match -> named.add(match.group()));
        }
        named.removeAll(derived());
        assertThat(reference.keys()).containsAll(named);
    }

    @Test
    void sharesNoVariableBetweenTwoKeys() {
        assertThat(reference.keys()).allSatisfy(key -> assertThat(
                        reference.keyOfVariable(key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")))
                .contains(key));
    }

    @Test
    void leavesTheLaunchersVariablesToTheLauncher() throws Exception {
        Set<String> variables = new TreeSet<>();
        LAUNCHER.matcher(Files.readString(Path.of("mediaferry")))
                .results()
                .forEach(match -> variables.add(match.group()));
        assertThat(Reference.LAUNCHER_VARIABLES).containsAll(variables);
    }

    @Test
    void takesACommentedKeyForOneWithoutADefault() {
        assertThat(reference.defaults())
                .doesNotContainKey("mediaferry.database.url")
                .containsEntry("mediaferry.schedule", "0 0 3 * * ?")
                .containsEntry("mediaferry.storage.key", "{folder}/{id}/{timestamp}-{random}.{ext}");
        assertThat(reference.knows("mediaferry.database.url")).isTrue();
        assertThat(reference.knows("mediaferry.database")).isFalse();
    }

    private static Set<String> keysRead() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String file : texts(Path.of("src/main/java"), ".java")) {
            READ.matcher(file).results().forEach(match -> keys.add("mediaferry." + match.group(1)));
            SECRET.matcher(file).results().forEach(match -> keys.add("mediaferry." + match.group(1) + "-file"));
        }
        for (String file : texts(Path.of("routes"), ".yaml")) {
            PLACEHOLDER.matcher(file).results().forEach(match -> keys.add(match.group(1)));
        }
        keys.removeAll(derived());
        return keys;
    }

    private static Set<String> derived() throws IOException {
        Set<String> keys = new TreeSet<>();
        DERIVED.matcher(Files.readString(Path.of("src/main/java/dev/mediaferry/engine/CamelProperties.java")))
                .results()
                .forEach(match -> keys.add(match.group(1)));
        return keys;
    }

    private static Iterable<String> texts(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Set<String> texts = new TreeSet<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(suffix)).toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }
}
