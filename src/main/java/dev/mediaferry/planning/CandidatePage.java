package dev.mediaferry.planning;

import dev.mediaferry.plan.PlannedRow;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.Watcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The rows of one page that are to be moved, as parameters of {@code plan-transfers.sql} and its companions. */
public final class CandidatePage {

    private final FieldRun field;
    private final String entry;
    private final String bucket;
    private final boolean shared;
    private final Instant horizon;
    private final long run;
    private final boolean queued;
    private final List<String> rowKeys = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<String> deadlines = new ArrayList<>();
    private final List<String> objectKeys = new ArrayList<>();
    private final List<String> repairs = new ArrayList<>();
    private final List<String> mades = new ArrayList<>();
    private final List<Long> replaced = new ArrayList<>();
    private final boolean forced;
    private final List<Integer> there = new ArrayList<>();
    private int inserted;

    /**
     * @param bucket as the ledger keeps it
     * @param queued false for rows that are only counted
     */
    CandidatePage(FieldRun field, String bucket, boolean shared, boolean queued) {
        this.field = field;
        this.entry = field.name();
        this.horizon = field.run().horizon();
        this.run = field.run().id();
        this.bucket = bucket;
        this.shared = shared;
        this.queued = queued;
        this.forced = field.run().options().force();
    }

    /** @return a page of which nothing is left to be queued */
    static CandidatePage none(FieldRun field) {
        return new CandidatePage(field, "", false, false);
    }

    public FieldRun field() {
        return field;
    }

    /** @param mended what was mended in the link, or null */
    void add(String rowKey, String source, String link, String host, String deadline, String objectKey, String mended) {
        rowKeys.add(rowKey);
        sources.add(source);
        links.add(link);
        hosts.add(host);
        deadlines.add(deadline);
        objectKeys.add(objectKey);
        repairs.add(mended);
        mades.add(null);
        replaced.add(null);
    }

    /** @param time at which the link of the row that was added last came into it, or null */
    void made(String time) {
        mades.set(size() - 1, time);
    }

    /** @param transfer whose object goes when that of the row that was added last has taken its place, or null */
    void replaces(Long transfer) {
        replaced.set(size() - 1, transfer);
    }

    /** The file of the row that was added last is there. */
    void there() {
        there.add(size() - 1);
    }

    /** @return of the rows whose files are there, what a statement needs to queue them once more */
    Map<String, Object> parametersOfThose() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", entry);
        parameters.put("bucket", bucket);
        parameters.put("rowKeys", those(rowKeys));
        parameters.put("sources", those(sources));
        parameters.put("links", those(links));
        parameters.put("objectKeys", those(objectKeys));
        return parameters;
    }

    /** @return true when the file of a row is there */
    boolean isThere(int row) {
        return there.contains(row);
    }

    /** @param held numbers of rows, from 0, that are left out */
    void tell(Set<Integer> held, Watcher watcher) {
        Set<Integer> found = new HashSet<>(there);
        for (int row = 0; row < size(); row++) {
            if (!held.contains(row)) {
                watcher.planned(rowKeys.get(row), links.get(row), objectKeys.get(row), found.contains(row));
            }
        }
    }

    private String[] those(List<String> values) {
        return there.stream().map(values::get).toArray(String[]::new);
    }

    public int size() {
        return rowKeys.size();
    }

    public boolean isEmpty() {
        return rowKeys.isEmpty();
    }

    /** @return true when its rows go into the ledger */
    public boolean queues() {
        return queued && !field.run().options().dryRun();
    }

    /** @return true when some of its rows have joined those that are being moved, which may have been some of them */
    public boolean joins() {
        return field.census().again() && inserted > 0;
    }

    /**
     * @return false when the ledger has taken every row as new, so that it holds none back; and when the column is read again:
     *     what was held back then is counted
     */
    public boolean hasKnown() {
        return inserted < size() && !field.census().again();
    }

    /** The text of {@code drop-moved}. */
    public String dropMovedSql() {
        return field.column().queries().dropMovedSql();
    }

    void inserted(int rows) {
        inserted = rows;
    }

    Set<String> hosts() {
        return Set.copyOf(hosts);
    }

    /** @return how many of the rows were new to the ledger, as far as it was asked to take them */
    int inserted() {
        return inserted;
    }

    /** @return false when the rows stay out of the ledger */
    public boolean queued() {
        return queued;
    }

    /** @param held numbers of rows, from 0, that are left out */
    List<PlannedRow> rows(Set<Integer> held) {
        return IntStream.range(0, size())
                .filter(row -> !held.contains(row))
                .mapToObj(row ->
                        PlannedRow.of(entry, rowKeys.get(row), hosts.get(row), deadlines.get(row), sources.get(row)))
                .toList();
    }

    /** @param held numbers of rows, from 0, that are left out */
    List<String> links(Set<Integer> held) {
        return IntStream.range(0, size())
                .filter(row -> !held.contains(row))
                .mapToObj(row -> links.get(row) == null ? sources.get(row) : links.get(row))
                .toList();
    }

    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", entry);
        parameters.put("run", run);
        parameters.put("bucket", bucket);
        parameters.put("shared", shared);
        parameters.put("horizon", horizon.equals(Instant.MAX) ? "infinity" : horizon.toString());
        parameters.put("rowKeys", array(rowKeys));
        parameters.put("sources", array(sources));
        parameters.put("links", array(links));
        parameters.put("hosts", array(hosts));
        parameters.put("deadlines", array(deadlines));
        parameters.put("objectKeys", array(objectKeys));
        parameters.put("repairs", array(repairs));
        parameters.put("mades", array(mades));
        parameters.put("forced", forced);
        parameters.put("replaced", replaced.toArray(Long[]::new));
        return parameters;
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
