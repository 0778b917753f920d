package dev.mediaferry.planning;

import dev.mediaferry.plan.PlannedRow;
import dev.mediaferry.run.FieldRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The rows of one page that go into a plan. Different threads may report different rows. */
public final class PlanWriterPage {

    private final FieldRun field;
    private final PlannedRow[] rows;
    private final List<String> links;
    private final Set<Integer> blocked = new HashSet<>();

    /** One row whose host is asked how large its medium is. */
    public final class Question {
        private final int row;
        private Duration wait = Duration.ZERO;

        private Question(int row) {
            this.row = row;
        }

        FieldRun field() {
            return field;
        }

        void reserved(Duration until) {
            wait = until;
        }

        /** Milliseconds until the host may be asked. */
        public long getWait() {
            return wait.plusNanos(999_999).toMillis();
        }

        public String host() {
            return rows[row].host();
        }

        public String link() {
            return links.get(row);
        }

        void told(long bytes) {
            rows[row] = rows[row].sized(bytes);
        }
    }

    PlanWriterPage(FieldRun field, List<PlannedRow> rows, List<String> links) {
        this.field = field;
        this.rows = rows.toArray(PlannedRow[]::new);
        this.links = new ArrayList<>(links);
    }

    FieldRun field() {
        return field;
    }

    int size() {
        return rows.length;
    }

    List<PlannedRow> rows() {
        return Arrays.asList(rows);
    }

    String link(int row) {
        return links.get(row);
    }

    /** Nobody is asked about it. */
    void block(int row) {
        blocked.add(row);
    }

    List<Question> questions() {
        return IntStream.range(0, size())
                .filter(row -> !blocked.contains(row))
                .mapToObj(Question::new)
                .toList();
    }
}
