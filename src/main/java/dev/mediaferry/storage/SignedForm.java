package dev.mediaferry.storage;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * A form (multipart/form-data) with which somebody without keys may send one object to the store.
 *
 * @param fields all but the file, which comes last. Anybody who knows them may use them
 * @param expires until then
 */
public record SignedForm(URI url, Map<String, String> fields, Instant expires) {

    public SignedForm {
        fields = Map.copyOf(fields);
    }

    /** Without what lets somebody in. */
    @Override
    public String toString() {
        return "POST " + url + " " + fields.get("key");
    }
}
