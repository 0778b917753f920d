package dev.mediaferry.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A proof on its way: what was counted, measured, and found wrong. */
public final class ReferenceProof {

    private final ReferenceChange change;
    private final boolean acknowledged;
    private final Map<String, Long> classes = new LinkedHashMap<>();
    private final Map<String, Double> millis = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long rows;

    /** @param acknowledged true when an operator has looked at the contradictions */
    ReferenceProof(ReferenceChange change, boolean acknowledged) {
        this.change = change;
        this.acknowledged = acknowledged;
    }

    ReferenceChange change() {
        return change;
    }

    boolean acknowledged() {
        return acknowledged;
    }

    void found(Finding finding) {
        findings.add(finding);
    }

    void counted(String kind, long number) {
        classes.put(kind, number);
    }

    /** Something that stops nobody. */
    void warn(String words) {
        warnings.add(words);
    }

    void rows(long number) {
        rows = number;
    }

    void took(String what, double time) {
        millis.put(what, time);
    }

    List<Finding> findings() {
        return findings;
    }

    /** What the command answers. */
    Proof proof(String state) {
        return new Proof(change.table().name(), state, findings.isEmpty(), rows, classes, millis, warnings, findings);
    }

    /**
     * What verify has found.
     *
     * @param classes rows by what their sides say
     * @param warnings what was seen and stops nothing
     * @param millis p99 of each query that has to stay fast, and the time of a delete that was rolled back
     */
    public record Proof(
            String reference,
            String state,
            boolean proved,
            long rows,
            Map<String, Long> classes,
            Map<String, Double> millis,
            List<String> warnings,
            List<Finding> findings) {

        public Proof {
            classes = Map.copyOf(classes);
            millis = Map.copyOf(millis);
            warnings = List.copyOf(warnings);
            findings = List.copyOf(findings);
        }
    }
}
