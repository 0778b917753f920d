package dev.mediaferry.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the API is, as OpenAPI has it, and as a page without a script. Both are for everybody: they say nothing of anybody's media. */
public final class ApiDocument {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Object> document;

    @SuppressWarnings("unchecked")
    public ApiDocument() {
        document =
                (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(resource("openapi.yaml"));
        Map<String, Object> error =
                map(map(map(map(map(document.get("components")).get("schemas")).get("Problem"))
                                .get("properties"))
                        .get("error"));
        error.put(
                "enum",
                Arrays.stream(ProblemType.values()).map(ProblemType::code).toList());
    }

    /** @return the document */
    public String json() {
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what YAML says JSON says too", e);
        }
    }

    /** @return a page that shows it */
    String page() {
        Map<String, Object> info = map(document.get("info"));
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>");
        page.append(text(info.get("title")))
                .append("</title><link rel=\"stylesheet\" href=\"docs.css\"></head><body><h1>");
        page.append(text(info.get("title"))).append("</h1><p>").append(text(info.get("description")));
        page.append("</p><p><a href=\"openapi.json\">OpenAPI document</a></p>");
        for (Object tag : list(document.get("tags"))) {
            page.append("<h2>").append(text(map(tag).get("name"))).append("</h2><p>");
            page.append(text(map(tag).get("description"))).append("</p>");
            map(document.get("paths")).forEach((path, item) -> map(item).forEach((method, operation) -> {
                if (!method.equals("parameters")
                        && list(map(operation).get("tags")).contains(map(tag).get("name"))) {
                    operation(page, method, path, map(operation));
                }
            }));
        }
        return page.append("</body></html>").toString();
    }

    static String style() {
        return resource("docs.css");
    }

    private void operation(StringBuilder page, String method, String path, Map<String, Object> operation) {
        page.append("<h3><b>")
                .append(method.toUpperCase(Locale.ROOT))
                .append("</b>")
                .append(text(path));
        page.append("</h3><p>").append(text(operation.get("summary"))).append(". ");
        page.append(text(operation.getOrDefault("description", ""))).append("</p><dl>");
        for (Object parameter : list(operation.get("parameters"))) {
            Map<String, Object> one = resolved(parameter);
            page.append("<dt><code>").append(text(one.get("name"))).append("</code> <span class=\"kind\">");
            page.append(text(one.get("in")))
                    .append("</span></dt><dd>")
                    .append(text(one.getOrDefault("description", "")));
            page.append("</dd>");
        }
        if (operation.get("requestBody") != null) {
            page.append("<dt>body</dt><dd>");
            contents(page, map(operation.get("requestBody")));
            page.append("</dd>");
        }
        map(operation.get("responses")).forEach((status, response) -> {
            page.append("<dt>").append(text(status)).append("</dt><dd>");
            page.append(text(resolved(response).get("description")));
            contents(page, resolved(response));
            page.append("</dd>");
        });
        page.append("</dl>");
    }

    private void contents(StringBuilder page, Map<String, Object> message) {
        map(message.getOrDefault("content", Map.of())).forEach((type, content) -> {
            page.append(" <code>").append(text(type)).append("</code>");
            schema(page, resolved(map(content).get("schema")));
        });
    }

    private void schema(StringBuilder page, Map<String, Object> schema) {
        if (schema.get("items") != null) {
            schema(page, resolved(schema.get("items")));
        }
        for (Object one : list(schema.get("anyOf"))) {
            schema(page, resolved(one));
        }
        if (schema.get("properties") != null) {
            page.append("<ul>");
            map(schema.get("properties")).forEach((name, property) -> {
                Map<String, Object> kind = resolved(property);
                page.append("<li><code>").append(text(name)).append("</code> <span class=\"kind\">");
                page.append(text(kind.getOrDefault("enum", kind.getOrDefault("type", ""))))
                        .append("</span> ");
                page.append(text(kind.getOrDefault("description", "")));
                schema(page, kind);
                page.append("</li>");
            });
            page.append("</ul>");
        }
    }

    private Map<String, Object> resolved(Object node) {
        Map<String, Object> found = map(node);
        if (found.get("$ref") instanceof String reference) {
            Object at = document;
            for (String part : reference.substring("#/".length()).split("/")) {
                at = map(at).get(part);
            }
            return map(at);
        }
        return found;
    }

    private static String text(Object value) {
        return value.toString()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    private static List<?> list(Object node) {
        return node == null ? List.of() : (List<?>) node;
    }

    private static String resource(String name) {
        try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
