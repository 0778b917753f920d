package dev.mediaferry.deadletter;

import dev.mediaferry.deadletter.DeadLetterFilter.Part;
import dev.mediaferry.failure.ConfigurationException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for something to be done with dead letters, or for a list of them.
 *
 * @param most letters to list; 0 when none are listed
 * @param before only those that come later in a list, where one before it ended
 * @param reason why they are discarded; empty when they are not
 */
public record DeadLetterRequest(DeadLetterFilter filter, int most, Optional<Before> before, String reason) {

    private static final int LONGEST_REASON = 1000;

    /**
     * The last letter of a list.
     *
     * @param since as it was listed
     */
    public record Before(Instant since, long id) {}

    static DeadLetterRequest list(DeadLetterFilter filter, int most, Optional<Before> before) {
        if (most < 1) {
            throw new ConfigurationException("the most dead letters to list must be at least 1, and are " + most);
        }
        return new DeadLetterRequest(filter, most, before, "");
    }

    static DeadLetterRequest retry(DeadLetterFilter filter) {
        return new DeadLetterRequest(filter, 0, Optional.empty(), "");
    }

    static DeadLetterRequest discard(DeadLetterFilter filter, String reason) {
        if (reason.isBlank() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw new ConfigurationException(
                    "the reason must be a text of 1 to " + LONGEST_REASON + " characters; it stays in the ledger");
        }
        return new DeadLetterRequest(filter, 0, Optional.empty(), reason.strip());
    }

    DeadLetterRequest of(String entry) {
        return new DeadLetterRequest(filter.of(entry), most, before, reason);
    }

    /** Parameters of the statements about a selection; what is null selects everything. */
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("ids", filter.ids().isEmpty() ? null : array(filter.ids()));
        parameters.put("entry", filter.field().orElse(null));
        parameters.put("failure", filter.kind().orElse(null));
        parameters.put("host", filter.host().orElse(null));
        parameters.put("after", filter.part().map(Part::after).orElse(null));
        parameters.put("upTo", filter.part().map(Part::upTo).orElse(null));
        parameters.put(
                "until", filter.part().map(part -> part.until().toString()).orElse(null));
        parameters.put("beforeId", before.map(Before::id).orElse(null));
        parameters.put("beforeTime", before.map(last -> last.since().toString()).orElse(null));
        parameters.put("most", most);
        parameters.put("reason", reason);
        return parameters;
    }

    /** Boxed numbers would be taken for a list of parameters. */
    static long[] array(List<Long> ids) {
        return ids.stream().mapToLong(Long::longValue).toArray();
    }
}
