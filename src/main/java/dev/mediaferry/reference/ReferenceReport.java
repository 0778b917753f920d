package dev.mediaferry.reference;

import java.util.List;

/**
 * What a command has done to a reference.
 *
 * @param state that it is in now
 * @param steps that were taken; what was done already is not among them
 * @param filled rows that were written
 * @param passes over the table
 * @param dump what the bucket keeps of columns that were dropped; null unless the command writes or reads it
 * @param refused why it was not done; empty when it was
 */
public record ReferenceReport(
        String reference,
        String state,
        List<ReferenceStatus.Done> steps,
        long filled,
        int passes,
        Dump dump,
        List<Finding> refused) {}
