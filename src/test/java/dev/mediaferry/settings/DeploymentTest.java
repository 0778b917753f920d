package dev.mediaferry.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.registry.RegistryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files under deploy/ name settings, ports and addresses that there are. Nothing here can start them. */
class DeploymentTest {

    private static final Path COMPOSE = Path.of("deploy/compose/compose.yaml");
    private static final Path KUBERNETES = Path.of("deploy/kubernetes/mediaferry.yaml");
    private static final Pattern VARIABLE = Pattern.compile("\\bMEDIAFERRY_[A-Z_]+\\b");

    @ParameterizedTest
    @ValueSource(strings = {"deploy/compose/compose.yaml", "deploy/kubernetes/mediaferry.yaml", "Dockerfile"})
    void setsOnlyWhatThereIs(String file) throws IOException {
        Reference reference = Reference.read();

        assertThat(VARIABLE.matcher(Files.readString(Path.of(file))).results().map(found -> found.group()))
                .hasSizeGreaterThan(1)
                // What compose.yaml takes from .env for both sides of the password.
                .filteredOn(name -> !name.equals("MEDIAFERRY_PASSWORD"))
                .allMatch(name -> Reference.LAUNCHER_VARIABLES.contains(name)
                        || reference.keyOfVariable(name).isPresent());
    }

    @Test
    void startsWithTheSettingsOfEitherFile() throws IOException {
        for (JsonNode environment :
                List.of(documents(COMPOSE).get(0).path("x-mediaferry").path("environment"), variables(container()))) {
            Map<String, String> given = new HashMap<>();
            environment
                    .properties()
                    .forEach(entry -> given.put(entry.getKey(), entry.getValue().asText()));
            // Files that are not here, and the launcher's own.
            given.keySet().removeIf(name -> name.endsWith("_FILE") || name.equals("MEDIAFERRY_HEAP"));

            Settings settings = Settings.load(null, given, Map.of());

            assertThat(settings.text("storage.bucket")).isEqualTo("media");
        }
    }

    @Test
    void probesWhatAnswersWithoutALogin() throws IOException {
        JsonNode container = container();
        int port = Integer.parseInt(Reference.read().defaults().get("mediaferry.server.port"));

        assertThat(container.path("ports").get(0).path("containerPort").asInt()).isEqualTo(port);
        assertThat(Stream.of("startupProbe", "livenessProbe", "readinessProbe").map(probe -> container
                        .path(probe)
                        .path("httpGet")
                        .path("path")
                        .asText()))
                .containsExactly("/observe/health/live", "/observe/health/live", "/observe/health/ready");
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("EXPOSE " + port)
                .contains("--uid "
                        + deployment()
                                .path("spec")
                                .path("template")
                                .path("spec")
                                .path("securityContext")
                                .path("runAsUser"));
    }

    @Test
    void comesWithRegistriesThatAreValid() throws IOException {
        assertThat(RegistryFile.read(Path.of("deploy/compose/registry.yaml")).fields())
                .hasSize(1);
        String mapped =
                documents(KUBERNETES).get(0).path("data").path("registry.yaml").asText();
        assertThat(RegistryFile.parse("registry.yaml", mapped).fields()).hasSize(1);
    }

    private static JsonNode deployment() throws IOException {
        return documents(KUBERNETES).stream()
                .filter(document -> document.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode container() throws IOException {
        return deployment()
                .path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .get(0);
    }

    private static JsonNode variables(JsonNode container) {
        var named = new ObjectMapper().createObjectNode();
        container
                .path("env")
                .forEach(variable -> named.set(variable.path("name").asText(), variable.path("value")));
        return named;
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(document -> documents.add(json.valueToTree(document)));
        return documents;
    }
}
