package dev.mediaferry.imports;

import dev.mediaferry.ledger.TransferState;

/**
 * How many files of one category ended alike, in a run or in all: a row of {@code import-outcomes.sql}.
 *
 * @param kept why they are stored as they are although their category compresses, or null
 * @param compressed how many were made smaller
 * @param original bytes as they lie in the folder
 * @param stored bytes as they lie in the bucket
 */
record ImportOutcome(
        String entry, TransferState state, String kept, long rows, long compressed, long original, long stored) {}
