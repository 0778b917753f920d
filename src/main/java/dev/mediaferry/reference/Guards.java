package dev.mediaferry.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Every reason not to retire the old side yet. */
final class Guards {

    private static final Duration PROOF_LASTS = Duration.ofHours(24);

    /** What nobody can accept: both sides were not proved to say the same. */
    static final String PROOF = "proof";

    private static final int LONG_SECONDS = 60;

    private final ReferenceLedger ledger;
    private final ReferenceTable table;
    private final List<Finding> reasons = new ArrayList<>();

    Guards(ReferenceLedger ledger, ReferenceTable table) {
        this.ledger = ledger;
        this.table = table;
    }

    List<Finding> reasons(Registry registry) {
        ReferenceRow row = ledger.row(table.name()).orElseThrow();
        boolean fresh = row.state() == ReferenceState.PROVED
                && row.proved() != null
                && row.proved().plus(PROOF_LASTS).isAfter(Instant.now())
                && ledger.provedDefinition(table.name()).equals(table.definition());
        if (!fresh) {
            add(
                    PROOF,
                    1,
                    List.of(),
                    "it was not proved within 24 hours as its entry and our public address are now: run references verify "
                            + table.name());
        }
        soak(row);
        ReferenceFacts facts = new ReferenceFacts(ledger.database(), table);
        list("dependents", facts.dependents(), "these name the old column; change them first");
        list(
                "functions",
                facts.functions(),
                "the text of these functions has the table and the old column; change them first, or accept those that mean another");
        list(
                "publications",
                facts.incompletePublications(),
                "these publications name the old column and lack the new one");
        list(
                "fields",
                registry.fields().stream()
                        .filter(field -> field.table().equals(table.reference().table())
                                && table.reference().old().contains(field.column()))
                        .map(field -> field.name())
                        .toList(),
                "the registry still moves links of the old column: take these lines out of fields");
        list(
                "transactions",
                facts.transactions(LONG_SECONDS),
                "these are open for more than a minute, and may hold statements that name the old column");
        return reasons;
    }

    private void soak(ReferenceRow row) {
        Instant from = row.soakFrom();
        Duration soak = table.reference().soak();
        if (from == null || from.plus(soak).isAfter(Instant.now())) {
            add(
                    "soak",
                    1,
                    List.of(),
                    from == null
                            ? "nobody has watched the old column yet: verify begins to"
                            : "nobody may have used the old column until " + from.plus(soak) + " (soak)");
        }
        if (from == null) {
            return;
        }
        Readers.Counts now = new Readers(ledger.database(), table).now();
        JsonNode base = ledger.parse(row.soakBase());
        long writes = now.oldWrites() == null
                ? 0
                : now.oldWrites() - base.path("oldWrites").asLong();
        if (writes > 0) {
            add(
                    "old-writes",
                    writes,
                    ReferenceObserver.uses(ledger.database(), table.name()).stream()
                            .filter(use -> use.side().equals("session"))
                            .map(use -> use.role() + " (" + use.application() + "), seen " + use.seen() + ": "
                                    + use.query())
                            .limit(5)
                            .toList(),
                    "clients wrote the old column since " + from
                            + "; release the new application everywhere, then verify again");
        }
        list(
                "indexes",
                used(now.indexes(), base.path("indexes"), Map.of()),
                "indexes on the old column were read: somebody still looks rows up by it");
        if (now.statements() == null) {
            add(
                    "readers-unseen",
                    1,
                    List.of(),
                    "the server does not count statements (pg_stat_statements), so nobody knows whether some still read the old column");
        } else if (!Objects.equals(now.reset(), base.path("reset").textValue())) {
            add(
                    "statistics",
                    1,
                    List.of(),
                    "the server's statistics were reset meanwhile: verify again, the soak begins anew");
        } else {
            list(
                    "statements",
                    used(now.statements(), base.path("statements"), now.texts()),
                    "statements name the old column");
        }
    }

    private static List<String> used(Map<String, Long> now, JsonNode base, Map<String, String> texts) {
        List<String> used = new ArrayList<>();
        now.forEach((id, calls) -> {
            long more = calls - base.path(id).asLong();
            if (more > 0) {
                used.add(more + " × " + texts.getOrDefault(id, id));
            }
        });
        return used;
    }

    private void list(String name, List<String> what, String words) {
        if (!what.isEmpty()) {
            add(name, what.size(), what.subList(0, Math.min(5, what.size())), words);
        }
    }

    private void add(String name, long count, List<String> samples, String words) {
        reasons.add(new Finding(name, count, samples, words));
    }
}
