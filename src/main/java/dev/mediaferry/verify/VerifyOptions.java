package dev.mediaferry.verify;

import dev.mediaferry.failure.ConfigurationException;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is compared, and how closely.
 *
 * @param fields names of entries; none means all
 * @param run only what this run moved; then nothing is said of objects and pointers that no transfer knows
 * @param sample percent of the objects that are read to their end and hashed; 0 for none
 * @param claim true to adopt objects that were stored before objects carried the ledger's id
 * @param resume true to go on where an earlier verification of the same options stopped
 */
public record VerifyOptions(List<String> fields, OptionalLong run, double sample, boolean claim, boolean resume) {

    public VerifyOptions {
        fields = List.copyOf(fields);
        if (!(sample >= 0 && sample <= 100)) {
            throw new ConfigurationException("--sample must be a number of percent, from 0 to 100, and is " + sample);
        }
    }

    public VerifyOptions(List<String> fields, OptionalLong run, double sample, boolean resume) {
        this(fields, run, sample, false, resume);
    }

    /** What a position belongs to: options that compare the same things in the same order. */
    String scope() {
        return "field=" + (fields.isEmpty() ? "*" : String.join(",", fields)) + " run="
                + (run.isPresent() ? run.getAsLong() : "*") + " sample=" + sample + (claim ? " claim" : "");
    }
}
