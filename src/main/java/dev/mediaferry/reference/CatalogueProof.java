package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Reference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What of the catalogue has to be as expand has made it. */
final class CatalogueProof {

    private static final Map<String, String> ACTIONS =
            Map.of("set null", "n", "cascade", "c", "restrict", "r", "no action", "a");

    /** Clauses about what others have made: they hold where nothing is listed. */
    private static final List<String> OF_OTHERS =
            List.of("trigger-order", "grants", "publications", "required", "default");

    private static final String LATER =
            """
            select t.tgname::text from pg_trigger t where t.tgrelid = :table and not t.tgisinternal and t.tgenabled <> 'D'
              and t.tgtype & 3 = 3 and t.tgtype & 20 <> 0 and t.tgname::text collate "C" > :ours collate "C" and t.tgname not like '~mediaferry %'""";

    private static final String RIGHTS =
            """
            select distinct case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee)::text end || ': ' || lower(x.privilege_type)
            from pg_attribute a cross join lateral aclexplode(a.attacl) x
            where a.attrelid = :table and a.attname = any (:old) and not a.attisdropped and exists (
              select from unnest(:fresh) as f (name) where not exists (
                select from pg_attribute n cross join lateral aclexplode(n.attacl) y
                where n.attrelid = :table and n.attname = f.name and y.grantee = x.grantee and y.privilege_type = x.privilege_type))""";

    private final Database database;
    private final ReferenceTable table;
    private final ReferenceSql sql;
    private final List<Finding> findings = new ArrayList<>();

    CatalogueProof(Database database, ReferenceTable table) {
        this.database = database;
        this.table = table;
        this.sql = new ReferenceSql(table);
    }

    /** @param steps of this reference */
    List<Finding> findings(Steps steps, ReferenceFacts facts) {
        for (Step step : steps.expand(List.of(), facts.receivesReplication())) {
            if (!truth(step.probe())) {
                add(
                        step.name(),
                        List.of(),
                        "what the step " + step.name() + " makes is not there, or not as it made it: run expand again");
            }
        }
        if (table.reference().kind() == Kind.VIEW) {
            findings.addAll(new ViewFacts(database, table).problems());
            return findings;
        }
        for (Step step : steps.validate()) {
            if (!truth(step.probe())) {
                add(
                        step.name(),
                        List.of(),
                        "the foreign key was not checked for rows that were there before it: run backfill");
            }
        }
        if (sql.looksUp()
                && !truth("select exists (select from pg_constraint c where " + steps.itsForeignKey()
                        + " and c.confdeltype = '" + ACTIONS.get(sql.lookup().onDelete()) + "')")) {
            add("on-delete", List.of(), "the foreign key acts otherwise than on-delete says");
        }
        DualWrite triggers = new DualWrite(table, database.schema().name(), table.side());
        if (!truth("select exists (select from pg_proc where oid = to_regproc(" + Sql.text(triggers.function())
                + ") and prosecdef and proowner = (select oid from pg_roles where rolname = current_user)"
                + " and proconfig @> array['search_path=pg_catalog, pg_temp'])")) {
            add(
                    "function",
                    List.of(),
                    "the function of the triggers has another owner or other settings than it was made with");
        }
        add(
                "trigger-order",
                list(LATER),
                "triggers that fire after ours may undo what it keeps alike: give them names before '~'");
        add(
                "grants",
                list(RIGHTS),
                "who may use the old column may not use the new one: run expand again, or grant it");
        add(
                "publications",
                facts.incompletePublications(),
                "the publication names the old column and lacks the new one");
        add(
                "required",
                facts.required(),
                "the old column is not null and cannot follow a new one that is empty: drop that constraint");
        add(
                "default",
                facts.defaults(),
                "rows of new clients would get this in the old column, and nothing in the new one: drop that default");
        return findings;
    }

    /** @return what somebody has changed of what expand has made, as reasons not to trust a proof of before */
    List<Finding> undone(Steps steps, ReferenceFacts facts) {
        return findings(steps, facts).stream()
                .filter(finding -> !OF_OTHERS.contains(finding.clause()))
                .map(finding -> new Finding(
                        Guards.PROOF,
                        finding.count(),
                        finding.samples(),
                        finding.clause() + ": " + finding.words() + "; then verify again"))
                .toList();
    }

    private void add(String clause, List<String> samples, String words) {
        if (!OF_OTHERS.contains(clause) || !samples.isEmpty()) {
            findings.add(new Finding(clause, Math.max(1, samples.size()), samples, words));
        }
    }

    private boolean truth(String query) {
        return database.client().sql(query).query(Boolean.class).single();
    }

    private List<String> list(String query) {
        JdbcClient.StatementSpec asked = database.client().sql(query).param("table", table.oid());
        if (query.contains(":old")) {
            asked = asked.param("old", table.reference().old().toArray(String[]::new));
        }
        if (query.contains(":fresh")) {
            asked = asked.param("fresh", table.reference().fresh().toArray(String[]::new));
        }
        if (query.contains(":ours")) {
            asked = asked.param("ours", "~mediaferry " + table.name());
        }
        return asked.query(String.class).list();
    }
}
