package dev.mediaferry.observe;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.steer.AuditLog;
import dev.mediaferry.steer.AuditLog.Actor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/** The dead letters in JMX, beside the routes. What is left empty selects nothing in particular. */
@ManagedResource(description = "Dead letters: what was given up, and what shall become of it")
public final class DeadLetterOperations {

    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};

    private static final Actor JMX = new Actor("jmx", "jmx");

    private final DeadLetters letters;
    private final AuditLog audit;
    private final JsonMapper json = JsonMapper.builder().build();

    public DeadLetterOperations(DeadLetters letters, AuditLog audit) {
        this.letters = letters;
        this.audit = audit;
    }

    /** Under the context's domain; the context takes it away when it stops. */
    public void register(CamelContext context) throws JMException {
        ObjectName name = new ObjectName(
                "org.apache.camel:context=" + context.getManagementName() + ",type=dead-letters,name=\"dead-letters\"");
        context.getManagementStrategy().getManagementAgent().register(this, name);
    }

    @ManagedOperation(description = "Lists dead letters, newest first; field, kind and host may be empty")
    public Map<String, Object> list(String field, String kind, String host, int most) {
        return document(() -> letters.list(selection("", field, kind, host), Math.max(1, most)));
    }

    @ManagedOperation(description = "Shows one transfer with every attempt; its links may carry signatures")
    public Map<String, Object> show(long id) {
        return document(() -> letters.show(id));
    }

    @ManagedOperation(description = "Has dead letters tried again by the next run; ids like 3,17, or all, or empty")
    public Map<String, Object> retry(String ids, String field, String kind, String host) {
        DeadLetterFilter selection = meant(ids, field, kind, host);
        return document(
                () -> audit.act(JMX, "retry-dead-letters", selection.named(), line -> letters.retry(selection)));
    }

    @ManagedOperation(description = "Takes dead letters out of all counts for good; ids like 3,17, or all, or empty")
    public Map<String, Object> discard(String ids, String field, String kind, String host, String reason) {
        DeadLetterFilter selection = meant(ids, field, kind, host);
        String why = reason == null ? "" : reason;
        Map<String, Object> subject = selection.named();
        subject.put("reason", why);
        return document(() -> audit.act(
                JMX, "discard-dead-letters", subject, line -> Map.of("discarded", letters.discard(selection, why))));
    }

    /** A console knows no classes but Java's own. */
    private Map<String, Object> document(Supplier<Object> result) {
        try {
            return json.convertValue(result.get(), DOCUMENT);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Nothing at all is not everything. */
    private static DeadLetterFilter meant(String ids, String field, String kind, String host) {
        boolean all = "all".equals(ids);
        DeadLetterFilter selection = selection(all ? "" : ids, field, kind, host);
        if (all != selection.isEverything()) {
            throw new IllegalArgumentException(
                    all ? "all goes with no other selection" : "name ids, field, kind or host, or all as ids");
        }
        return selection;
    }

    private static DeadLetterFilter selection(String ids, String field, String kind, String host) {
        List<Long> numbers = given(ids)
                .map(list -> Arrays.stream(list.split(",", -1))
                        .map(id -> Long.valueOf(id.strip()))
                        .toList())
                .orElse(List.of());
        return new DeadLetterFilter(numbers, given(field), given(kind), given(host));
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).filter(value -> !value.isBlank());
    }
}
