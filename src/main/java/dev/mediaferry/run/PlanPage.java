package dev.mediaferry.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of one page that are to be moved, as parameters of {@code plan-transfers.sql}. */
public final class PlanPage {

    private final String entry;
    private final String bucket;
    private final boolean shared;
    private final Instant horizon;
    private final List<String> rowKeys = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<String> deadlines = new ArrayList<>();
    private final List<String> objectKeys = new ArrayList<>();
    private final List<String> repairs = new ArrayList<>();

    /** @param bucket as the ledger keeps it */
    PlanPage(String entry, String bucket, boolean shared, Instant horizon) {
        this.entry = entry;
        this.bucket = bucket;
        this.horizon = horizon;
        this.shared = shared;
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
    }

    public int size() {
        return rowKeys.size();
    }

    public boolean isEmpty() {
        return rowKeys.isEmpty();
    }

    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", entry);
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
        return parameters;
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
