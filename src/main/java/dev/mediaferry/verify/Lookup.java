package dev.mediaferry.verify;

import dev.mediaferry.entry.Column;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.Redaction;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.StoredLink;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.StorageSettings;
import dev.mediaferry.verify.Found.Held;
import dev.mediaferry.verify.Found.Moved;
import dev.mediaferry.verify.Found.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds out what a link or a key is about: record, transfer, object. Changes nothing. */
public final class Lookup {

    /** Transfers, and rows of a column, that are shown. */
    private static final int MOST = 100;

    private final JdbcClient database;
    private final String ledgerId;
    private final Entries entries;
    private final Buckets buckets;

    public Lookup(Database database, Entries entries, Buckets buckets) {
        this.database = database.client();
        this.ledgerId = database.ledgerId().toString();
        this.entries = entries;
        this.buckets = buckets;
    }

    /** @param asked a link, old or new, the address of an object in any form, or its key */
    public Found of(String asked) {
        String text = asked.strip();
        String address = ObjectName.address(text);
        List<FoundTransfer> found = database
                .sql(Database.statement("lookup"))
                .param("links", links(text))
                .param("keys", endings(address))
                .param("most", MOST)
                .query(new RecordMapper<>(FoundTransfer.class))
                .list()
                .stream()
                .filter(transfer -> isMeant(transfer, text, address))
                .toList();
        List<Moved> transfers = new ArrayList<>();
        List<Held> records = new ArrayList<>();
        Set<ObjectName> objects = new LinkedHashSet<>();
        for (FoundTransfer transfer : found) {
            transfers.add(transfer.moved());
            entries.find(transfer.entry())
                    .flatMap(entry -> record(entry, transfer))
                    .ifPresent(records::add);
            if (!transfer.objectKey().contains("{")) {
                objects.add(transfer.object());
            }
        }
        if (found.isEmpty()) {
            entries.columns().forEach(column -> records.addAll(unknown(column, text)));
            buckets.named(text).ifPresentOrElse(objects::add, () -> {
                if (!text.contains("://")) {
                    buckets.all().forEach(bucket -> objects.add(new ObjectName(buckets.inLedger(bucket), text)));
                }
            });
        }
        return new Found(
                Redaction.of(text),
                transfers,
                records,
                objects.stream().map(this::stored).toList());
    }

    /** As it was stored, and as it is requested. */
    private static String[] links(String text) {
        Set<String> links = new LinkedHashSet<>(List.of(text));
        try {
            links.add(StoredLink.parse(text).link().uri().toString());
        } catch (InvalidLinkException e) {
            // Then it may be a key.
        }
        return links.toArray(String[]::new);
    }

    /** Every key that an address may be that of. */
    private static String[] endings(String address) {
        List<String> endings = new ArrayList<>(List.of(address));
        for (int slash = address.indexOf('/'); slash >= 0; slash = address.indexOf('/', slash + 1)) {
            endings.add(address.substring(slash + 1));
        }
        endings.removeIf(String::isEmpty);
        return endings.toArray(String[]::new);
    }

    /** Others may have an object of the same key, in another bucket. */
    private boolean isMeant(FoundTransfer transfer, String text, String address) {
        List<String> links = Arrays.asList(links(text));
        return links.contains(transfer.source())
                || links.contains(transfer.link())
                || links.contains(transfer.target())
                || buckets.leadsTo(address, transfer.object());
    }

    private Optional<Held> record(Entry entry, FoundTransfer transfer) {
        return database.sql(entry.verify().record().replace(":#", ":"))
                .param("transfer", transfer.id())
                .query((rs, row) -> {
                    String value = rs.getString("value");
                    return new Held(
                            entry.name(),
                            rs.getString("id"),
                            transfer.id(),
                            transfer.holds(value),
                            Redaction.of(value));
                })
                .optional();
    }

    /** Rows that hold the link although no transfer knows it. */
    private List<Held> unknown(Column column, String text) {
        return database.sql(column.queries().holdingSql().replace(":#", ":"))
                .param("value", text)
                .param("most", MOST)
                .query((rs, row) -> new Held(
                        column.name(), rs.getString("id"), null, "the link", Redaction.of(rs.getString("value"))))
                .list();
    }

    private Stored stored(ObjectName object) {
        StorageSettings storage = buckets.at(object.bucket());
        try (Bucket bucket = Bucket.open(storage, 1)) {
            return bucket.head(object.key())
                    .map(facts -> new Stored(
                            storage.bucket(),
                            object.key(),
                            true,
                            facts.bytes(),
                            facts.contentType(),
                            facts.etag(),
                            facts.provenance().ledger().orElse(null),
                            facts.provenance().ledger().filter(ledgerId::equals).isPresent(),
                            facts.provenance().transfer().orElse(null)))
                    .orElseGet(() ->
                            new Stored(storage.bucket(), object.key(), false, null, null, null, null, null, null));
        }
    }
}
