package dev.mediaferry.status;

/**
 * How one field stands, as the ledger knows it.
 *
 * @param pending rows to be moved that no run has tried yet: since the last run that has read the column
 * @param waiting rows that were tried and will be tried again
 * @param dead rows that will not
 * @param atRisk rows pending or waiting whose link ends before the next scheduled run
 * @param promise whether links are moved in time, as far as runs have found them
 */
public record FieldGauge(String field, long pending, long waiting, long dead, long atRisk, Promise promise) {

    FieldGauge with(Promise told) {
        return new FieldGauge(field, pending, waiting, dead, atRisk, told);
    }
}
