package dev.mediaferry.derivatives;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.object.ObjectName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is made of objects, as the ledger knows it. */
public final class DerivativeLedger {

    private final JdbcClient database;

    public DerivativeLedger(Database database) {
        this.database = database.client();
    }

    /**
     * Work that is not done.
     *
     * @param state waiting, claimed, or dead when it was given up
     * @param progress from 0 to 1
     * @param message why the last attempt failed, or null
     */
    public record OpenJob(
            String bucket, String objectKey, String kind, String part, String state, double progress, String message) {}

    /** What is made of one object. */
    public record Made(List<Derivative> derivatives, List<OpenJob> jobs) {

        static final Made NOTHING = new Made(List.of(), List.of());

        public Made {
            derivatives = List.copyOf(derivatives);
            jobs = List.copyOf(jobs);
        }
    }

    public Made of(ObjectName object) {
        return of(List.of(object)).getOrDefault(object, Made.NOTHING);
    }

    /** @return those of which something is made, or is to be made */
    public Map<ObjectName, Made> of(Collection<ObjectName> objects) {
        Map<ObjectName, List<Derivative>> derivatives = ask("derivatives-there", objects, Derivative.class).stream()
                .collect(Collectors.groupingBy(one -> new ObjectName(one.bucket(), one.objectKey())));
        Map<ObjectName, List<OpenJob>> jobs = ask("derive-jobs-open", objects, OpenJob.class).stream()
                .collect(Collectors.groupingBy(one -> new ObjectName(one.bucket(), one.objectKey())));
        Map<ObjectName, Made> made = new HashMap<>();
        for (ObjectName object : objects) {
            if (derivatives.containsKey(object) || jobs.containsKey(object)) {
                made.put(
                        object,
                        new Made(derivatives.getOrDefault(object, List.of()), jobs.getOrDefault(object, List.of())));
            }
        }
        return made;
    }

    private <T extends Record> List<T> ask(String statement, Collection<ObjectName> objects, Class<T> rows) {
        return database.sql(Database.statement(statement))
                .param("objectKeys", objects.stream().map(ObjectName::key).toArray(String[]::new))
                .param("buckets", objects.stream().map(ObjectName::bucket).toArray(String[]::new))
                .query(new RecordMapper<>(rows))
                .list();
    }
}
