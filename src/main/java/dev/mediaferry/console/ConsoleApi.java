package dev.mediaferry.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.failure.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** For scripts: what the commands answer to {@code --json}, by HTTP. */
final class ConsoleApi {

    static final String ROOT = "/api/v1";

    /** Addresses that only tell. */
    static final Map<String, BiFunction<ConsoleApi, Asked, Object>> LOOKS = Map.of(
            "/status",
            (api, asked) -> api.operations.statuses().get().all(),
            "/runs",
            (api, asked) -> Map.of("runs", api.operations.statuses().get().runs(most(asked, 50))),
            "/dead-letters",
            ConsoleApi::letters,
            "/dead-letters/:id",
            ConsoleApi::letter);

    /** Addresses that act. */
    static final Map<String, BiFunction<ConsoleApi, Asked, Object>> ACTS = Map.of(
            "/dead-letters/retry", (api, asked) -> api.act(asked, true),
            "/dead-letters/discard", (api, asked) -> api.act(asked, false));

    private static final Set<String> NAMES = Set.of("ids", "field", "kind", "host", "all", "reason");
    private static final int MOST = 1000;

    private final Operations operations;
    private final Acts acts;
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    ConsoleApi(Operations operations, Acts acts) {
        this.operations = operations;
        this.acts = acts;
    }

    String json(Object document) {
        try {
            return json.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON", e);
        }
    }

    private Object letters(Asked asked) {
        DeadLetterFilter filter =
                new DeadLetterFilter(List.of(), asked.query("field"), asked.query("kind"), asked.query("host"));
        return operations.deadLetters().list(filter, most(asked, 100));
    }

    private Object letter(Asked asked) {
        return operations
                .deadLetters()
                .show(asked.id().orElseThrow(() -> new ConfigurationException("a transfer has a number")));
    }

    private static int most(Asked asked, int usual) {
        return asked.query("limit")
                .map(text -> Asked.number(text)
                        .filter(number -> number >= 1 && number <= MOST)
                        .orElseThrow(() -> new ConfigurationException("limit must be from 1 to " + MOST)))
                .map(Long::intValue)
                .orElse(usual);
    }

    private Object act(Asked asked, boolean retry) {
        JsonNode body = body(asked);
        List<Long> ids = new ArrayList<>();
        JsonNode chosen = body.path("ids");
        // What chooses nothing must not leave the rest of the selection to mean all.
        if (!chosen.isMissingNode() && !chosen.isNull() && (!chosen.isArray() || chosen.isEmpty())) {
            throw new ConfigurationException("ids is a list of one number or more");
        }
        chosen.forEach(id -> ids.add(number(id)));
        DeadLetterFilter filter =
                new DeadLetterFilter(ids, text(body, "field"), text(body, "kind"), text(body, "host"));
        // Nothing at all is not everything.
        if (body.path("all").asBoolean() != filter.isEverything()) {
            throw new ConfigurationException(
                    filter.isEverything()
                            ? "name ids, field, kind or host, or say \"all\": true"
                            : "all goes with no other selection");
        }
        Map<String, Object> subject = new HashMap<>(Map.of("selection", body));
        return retry
                ? acts.now(asked.visitor(), "retry-dead-letters", subject, () -> operations
                        .deadLetters()
                        .retry(filter))
                : acts.now(
                        asked.visitor(),
                        "discard-dead-letters",
                        subject,
                        () -> Map.of(
                                "discarded",
                                operations
                                        .deadLetters()
                                        .discard(filter, text(body, "reason").orElse(""))));
    }

    private JsonNode body(Asked asked) {
        try {
            JsonNode body = json.readTree(asked.form("body").orElse("{}"));
            List<String> unknown = new ArrayList<>();
            body.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(NAMES);
            if (!body.isObject() || !unknown.isEmpty()) {
                throw new ConfigurationException("send a JSON object with ids, field, kind, host, all or reason");
            }
            body.properties()
                    .forEach(one -> Asked.text(one.getKey(), one.getValue().asText()));
            return body;
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("the body is no JSON: " + e.getOriginalMessage());
        }
    }

    private static long number(JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToLong()) {
            throw new ConfigurationException("ids are numbers");
        }
        return id.asLong();
    }

    private static Optional<String> text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new ConfigurationException(name + " is a text");
        }
        return Optional.ofNullable(value.asText(null)).filter(text -> !text.isEmpty());
    }
}
