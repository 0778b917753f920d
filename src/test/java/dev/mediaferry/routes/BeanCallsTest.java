package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.Tokens;
import dev.mediaferry.fixture.YamlRoutes;
import dev.mediaferry.registry.RegistryFile;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every method that a route calls by its name is there, public, and takes as many arguments as the route gives it. */
class BeanCallsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1"]
            fields:
              - { table: Photo, column: url, folder: photos, resolve: "http://127.0.0.1:1/links" }
            uploads:
              - { type: POST_IMAGE, folder: posts, content: [image/jpeg], max-bytes: 20MB, derivatives: pictures }
            derivatives:
              - { name: pictures, thumbnails: [150] }
            references:
              - { name: photo-address, table: Photo, rename: { url: address } }
            """;

    @TempDir
    private static Path directory;

    private static Engine engine;

    /** @param arguments that the route gives; -1 when it leaves that to Camel, which gives the body to whom takes one */
    record Call(String bean, String method, int arguments) implements Comparable<Call> {

        /** @param text like {@code page(${variable.field}, ${body})}, or a name alone */
        static Call of(String bean, String text) {
            int bracket = text.indexOf('(');
            if (bracket < 0) {
                return new Call(bean, text, -1);
            }
            String inner = text.substring(bracket + 1, text.lastIndexOf(')')).strip();
            long commas = inner.replaceAll("\\$\\{[^}]*}", "")
                    .chars()
                    .filter(c -> c == ',')
                    .count();
            return new Call(bean, text.substring(0, bracket), inner.isEmpty() ? 0 : (int) commas + 1);
        }

        boolean isTakenBy(Method candidate) {
            int taken = candidate.getParameterCount();
            return candidate.getName().equals(method)
                    && Modifier.isPublic(candidate.getModifiers())
                    && (arguments < 0 ? taken <= 1 : taken == arguments);
        }

        @Override
        public int compareTo(Call other) {
            return toString().compareTo(other.toString());
        }
    }

    @BeforeAll
    static void startAllThatRoutesReferTo() {
        engine = Engine.start(
                Services.open(SANDBOX.settings(Stream.of(
                                new String[] {
                                    "server.port",
                                    FreePort.text(),
                                    "schedule",
                                    "off",
                                    "import.dir",
                                    directory.toString()
                                },
                                Tokens.settings(FreePort.text()))
                        .flatMap(Stream::of)
                        .toArray(String[]::new))),
                RegistryFile.parse("registry.yaml", REGISTRY),
                Path.of("routes").toAbsolutePath(),
                EnumSet.allOf(Capability.class));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void findsTheCallsOfRoutes() throws Exception {
        assertThat(calls()).hasSizeGreaterThan(50).contains(new Call("runs", "scheduled", 1));
    }

    @Test
    void callsWhatIsThere() throws Exception {
        assertThat(calls()).allSatisfy(call -> {
            Object bean = engine.context().getRegistry().lookupByName(call.bean());
            assertThat(bean).as(call.bean()).isNotNull();
            assertThat(Arrays.stream(bean.getClass().getMethods()).filter(call::isTakenBy))
                    .as("public methods like " + call.method() + " of " + bean.getClass())
                    .isNotEmpty();
        });
    }

    private static Collection<Call> calls() throws IOException {
        Collection<Call> calls = new TreeSet<>();
        for (YamlRoutes.Route entry : YamlRoutes.entries()) {
            YamlRoutes.mappings(entry.yaml()).forEach(mapping -> {
                if (mapping.get("ref") instanceof String bean && mapping.get("method") instanceof String method) {
                    calls.add(Call.of(bean, method));
                }
            });
        }
        return calls;
    }
}
