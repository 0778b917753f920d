package dev.mediaferry.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One request of the API. What is in its path, its query and its body stands apart, so that no one of them can pass for another.
 *
 * @param caller whose token was verified
 * @param path what the route's address names, by these names
 * @param query values of each parameter
 * @param contentType null when it says none
 * @param body empty when there is none
 */
public record ApiRequest(
        Caller caller, Map<String, String> path, Map<String, List<String>> query, String contentType, byte[] body) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /**
     * @return what the path names
     * @throws ProblemException as of something that is not there, when it is no id
     */
    public UUID id() {
        String text = path.get("id");
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Same answer: there is no such medium.
        }
        throw new ProblemException(ProblemType.NOT_FOUND, "there is no such medium");
    }

    /**
     * @param known that this address takes
     * @return the value of a parameter of the query
     * @throws ProblemException when there are others, or one has several values
     */
    public Map<String, String> parameters(Set<String> known) {
        query.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw invalid("the query has " + name + ", which is not known here");
            }
            if (values.size() != 1) {
                throw invalid("the query has " + name + " several times");
            }
        });
        return query.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .get(0)));
    }

    /** @throws ProblemException when the body is no JSON, or not what is expected */
    public <T> T json(Class<T> type) {
        if (contentType == null
                || !contentType.strip().toLowerCase(Locale.ROOT).matches("application/json(\\s*;.*)?")) {
            throw new ProblemException(ProblemType.UNSUPPORTED_TYPE, "send JSON, with content-type: application/json");
        }
        try {
            return Optional.ofNullable(JSON.readValue(body, type)).orElseThrow(() -> invalid("the body is null"));
        } catch (UnrecognizedPropertyException e) {
            throw invalid("the body has " + place(e) + ", which is not known here");
        } catch (ValueInstantiationException e) {
            throw e.getCause() instanceof ProblemException problem
                    ? problem
                    : invalid(e.getCause().getMessage());
        } catch (JsonMappingException e) {
            throw invalid("the body has something else than expected at " + place(e));
        } catch (JsonProcessingException e) {
            throw invalid("the body is no JSON: line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw invalid("the body cannot be read");
        }
    }

    private static String place(JsonMappingException e) {
        String place = e.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."));
        return place.isEmpty() ? "its beginning" : place;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }
}
