package dev.mediaferry.deadletter;

import dev.mediaferry.entry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Dead letters that are about to be tried again, field by field. */
public final class RetryJob {

    private final List<OfField> fields = new ArrayList<>();
    private long retried;
    private long superseded;
    private long unknown;

    /**
     * What became of the letters of one field.
     *
     * @param retried wait for the next run
     * @param superseded have nothing to do any more
     */
    public record Outcome(long retried, long superseded) {}

    /** The letters of one field. */
    public final class OfField {

        private final Entry entry;
        private final DeadLetterRequest request;

        private OfField(Entry entry, DeadLetterRequest request) {
            this.entry = entry;
            this.request = request;
        }

        /** Has them wait for the next run, or ends them; answers {@code retried, superseded}. */
        public String sql() {
            return entry.retry().sql();
        }

        public Map<String, Object> parameters() {
            return request.parameters();
        }

        void done(Outcome outcome) {
            retried += outcome.retried();
            superseded += outcome.superseded();
        }
    }

    void add(Entry entry, DeadLetterRequest request) {
        fields.add(new OfField(entry, request.of(entry.name())));
    }

    /** The registry no longer has their field. */
    void addUnknown(long letters) {
        unknown += letters;
    }

    public List<OfField> fields() {
        return fields;
    }

    public RetryResult result() {
        return new RetryResult(retried, superseded, unknown);
    }
}
