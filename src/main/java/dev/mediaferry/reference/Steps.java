package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.entry.ReferenceTable.Target;
import dev.mediaferry.reference.Step.Lock;
import dev.mediaferry.registry.Reference.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What each command does to the catalogue, in its order. */
final class Steps {

    private static final String DUAL_WRITE = "dual-write";

    private final ReferenceTable table;
    private final ReferenceSql sql;
    private final String ledger;

    /** @param ledger schema of the ledger */
    Steps(ReferenceTable table, String ledger) {
        this.table = table;
        this.sql = new ReferenceSql(table, Side.NAMED);
        this.ledger = ledger;
    }

    private boolean isViewed() {
        return table.reference().kind() == Kind.VIEW;
    }

    /** @param grants statements that give others the rights on the new columns that they have on the old ones */
    List<Step> expand(List<String> grants, boolean always) {
        if (isViewed()) {
            return new ViewSteps(table).expand();
        }
        List<Step> steps = new ArrayList<>();
        if (sql.looksUp()) {
            Target target = table.lookup().orElseThrow();
            String key = sql.lookup().key();
            steps.addAll(index(
                    "lookup-index", lookupIndex(), target.table(), target.oid(), key, " (" + Sql.name(key) + ")"));
        }
        steps.add(addColumns(grants));
        if (sql.looksUp()) {
            String column = table.reference().fresh().get(0);
            steps.addAll(index(
                    "index",
                    index(),
                    table.table(),
                    table.oid(),
                    column,
                    " (" + Sql.name(column) + ") where " + Sql.name(column) + " is not null"));
            steps.add(foreignKey(column));
        }
        steps.add(dualWrite(Side.NAMED, always, DUAL_WRITE, List.of()));
        return steps;
    }

    /** Checks what stands in the rows that were there before the foreign key. */
    List<Step> validate() {
        if (!sql.looksUp()) {
            return List.of();
        }
        return List.of(new Step(
                "validate",
                "select exists (select from pg_constraint c where " + itsForeignKey() + " and c.convalidated)",
                List.of("do $do$ declare name text; begin for name in select c.conname from pg_constraint c where "
                        + itsForeignKey()
                        + " and not c.convalidated loop execute format('alter table "
                        + table.table().replace("'", "''").replace("%", "%%")
                        + " validate constraint %I', name); end loop; end $do$"),
                Lock.SHARE_UPDATE_EXCLUSIVE,
                table.table(),
                watched()));
    }

    /** Takes the old names away; what stands there follows the new side from now on. */
    List<Step> contract(boolean always) {
        return isViewed()
                ? new ViewSteps(table).contract()
                : List.of(dualWrite(Side.RETIRED, always, "retire", renames(Side.NAMED)));
    }

    /** Gives the old side its names back, and its say. */
    List<Step> reinstate(boolean always) {
        return isViewed()
                ? new ViewSteps(table).reinstate()
                : List.of(dualWrite(Side.NAMED, always, "reinstate", renames(Side.RETIRED)));
    }

    /**
     * Takes everything away that expand has made.
     *
     * @param column true when the columns were made by it
     * @param lookup true when nobody else needs the index on the keys
     */
    List<Step> revert(boolean column, boolean lookup) {
        if (isViewed()) {
            return new ViewSteps(table).revert();
        }
        List<Step> steps = new ArrayList<>();
        if (sql.looksUp()) {
            steps.add(new Step(
                    "drop-foreign-key",
                    "select not exists (select from pg_constraint where conrelid = " + table.oid() + " and conname = "
                            + Sql.text(foreignKeyName()) + ")",
                    List.of("alter table " + table.table() + " drop constraint " + Sql.name(foreignKeyName())),
                    Lock.ACCESS_EXCLUSIVE,
                    table.table(),
                    watched()));
            steps.add(dropIndex("drop-index", index(), table.table(), table.oid()));
        }
        steps.add(endDualWrite(column));
        if (sql.looksUp() && lookup) {
            Target target = table.lookup().orElseThrow();
            steps.add(dropIndex("drop-lookup-index", lookupIndex(), target.table(), target.oid()));
        }
        return steps;
    }

    /** Both in one: what a client writes to the new side meanwhile either reaches the old one, or is refused. */
    private Step endDualWrite(boolean column) {
        DualWrite triggers = new DualWrite(table, ledger, Side.NAMED);
        List<String> statements = new ArrayList<>(triggers.drop());
        String over =
                "select not exists (select from pg_proc where oid = to_regproc(" + Sql.text(triggers.function()) + "))";
        if (column) {
            table.reference()
                    .fresh()
                    .forEach(name -> statements.add(
                            "alter table " + table.table() + " drop column if exists " + Sql.name(name)));
            over += " and not exists (select from pg_attribute where "
                    + attributes(table.reference().fresh()) + ")";
        }
        return new Step(
                column ? "drop-column" : "end-dual-write",
                over,
                statements,
                Lock.ACCESS_EXCLUSIVE,
                table.table(),
                List.of(table.oid()));
    }

    /** Takes the retired columns away. */
    List<Step> finish() {
        if (isViewed()) {
            return List.of();
        }
        List<String> retired =
                table.reference().old().stream().map(ReferenceTable::retired).toList();
        List<String> statements = new ArrayList<>(new DualWrite(table, ledger, Side.RETIRED).drop());
        retired.forEach(
                name -> statements.add("alter table " + table.table() + " drop column if exists " + Sql.name(name)));
        return List.of(new Step(
                "drop-retired",
                "select not exists (select from pg_attribute where " + attributes(retired) + ")",
                statements,
                Lock.ACCESS_EXCLUSIVE,
                table.table(),
                List.of(table.oid())));
    }

    /** Makes retired columns again, empty; they follow the new side from then on. */
    List<Step> restore(Dump dump, boolean always) {
        return List.of(dualWrite(Side.RETIRED, always, "restore-column", dump.columns()));
    }

    /** Makes again what hung on them. */
    List<Step> restoreMore(Dump dump) {
        List<Step> steps = new ArrayList<>();
        String schema = table.table().substring(0, table.table().lastIndexOf(".\""));
        for (Dump.Made index : dump.indexes()) {
            String there = "exists (select from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = "
                    + table.oid() + " and x.relname = " + Sql.text(index.name());
            steps.add(beside(
                    "restore-index-leftover",
                    "select not " + there + " and not i.indisvalid)",
                    "drop index concurrently if exists " + schema + "." + Sql.name(index.name())));
            steps.add(beside("restore-index", "select " + there + " and i.indisvalid)", index.statement()));
        }
        for (Dump.Made constraint : dump.constraints()) {
            String there = "exists (select from pg_constraint where conrelid = " + table.oid() + " and conname = "
                    + Sql.text(constraint.name());
            steps.add(new Step(
                    "restore-constraint",
                    "select " + there + ")",
                    List.of(constraint.statement()),
                    Lock.ACCESS_EXCLUSIVE,
                    table.table(),
                    List.of(table.oid())));
            steps.add(beside(
                    "validate",
                    "select " + there + " and convalidated)",
                    "alter table " + table.table() + " validate constraint " + Sql.name(constraint.name())));
        }
        return steps;
    }

    private Step beside(String name, String probe, String statement) {
        return new Step(
                name, probe, List.of(statement), Lock.SHARE_UPDATE_EXCLUSIVE, table.table(), List.of(table.oid()));
    }

    private Step addColumns(List<String> grants) {
        List<String> statements = new ArrayList<>();
        List<String> names = table.reference().fresh();
        for (int i = 0; i < names.size(); i++) {
            statements.add("alter table %s add column if not exists %s %s"
                    .formatted(
                            table.table(), Sql.name(names.get(i)), table.types().get(i)));
        }
        statements.addAll(grants);
        return new Step(
                "add-column",
                "select count(*) = " + names.size() + " from pg_attribute where " + attributes(names),
                statements,
                Lock.ACCESS_EXCLUSIVE,
                table.table(),
                List.of(table.oid()));
    }

    /** An index that others have made serves as well. One of ours that is invalid was broken off: it goes first. */
    private static List<Step> index(String name, String index, String on, long oid, String column, String definition) {
        String ours = "exists (select from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = " + oid
                + " and x.relname = " + Sql.text(index) + " and not i.indisvalid)";
        String serves =
                "select exists (select from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam"
                        + " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indrelid = "
                        + oid
                        + " and i.indisvalid and i.indisready and m.amname = 'btree' and a.attname = "
                        + Sql.text(column)
                        + " and (i.indpred is null or x.relname = " + Sql.text(index) + "))";
        String schema = Sql.first(on);
        Step leftover = new Step(
                name + "-leftover",
                "select not " + ours,
                List.of("drop index concurrently if exists " + schema + "." + Sql.name(index)),
                Lock.SHARE_UPDATE_EXCLUSIVE,
                on,
                List.of(oid));
        return List.of(
                leftover,
                new Step(
                        name,
                        serves,
                        List.of("create index concurrently " + Sql.name(index) + " on " + on + definition),
                        Lock.SHARE_UPDATE_EXCLUSIVE,
                        on,
                        List.of(oid),
                        Optional.of(leftover)));
    }

    private static Step dropIndex(String name, String index, String on, long oid) {
        String schema = Sql.first(on);
        return new Step(
                name,
                "select not exists (select from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = "
                        + oid + " and x.relname = " + Sql.text(index) + ")",
                List.of("drop index concurrently if exists " + schema + "." + Sql.name(index)),
                Lock.SHARE_UPDATE_EXCLUSIVE,
                on,
                List.of(oid));
    }

    private Step foreignKey(String column) {
        return new Step(
                "foreign-key",
                "select exists (select from pg_constraint c where " + itsForeignKey() + ")",
                List.of("alter table %s add constraint %s foreign key (%s) references %s (%s) on delete %s not valid"
                        .formatted(
                                table.table(),
                                Sql.name(foreignKeyName()),
                                Sql.name(column),
                                sql.lookupTable(),
                                Sql.name(sql.lookup().id()),
                                sql.lookup().onDelete())),
                Lock.SHARE_ROW_EXCLUSIVE,
                table.table(),
                watched());
    }

    private Step dualWrite(Side side, boolean always, String name, List<String> before) {
        DualWrite triggers = new DualWrite(table, ledger, side);
        List<String> statements = new ArrayList<>(before);
        statements.addAll(triggers.create());
        if (always) {
            statements.addAll(triggers.always());
        }
        List<String> columns = side == Side.NAMED
                ? table.reference().old()
                : table.reference().old().stream().map(ReferenceTable::retired).toList();
        String probe = "select (select count(*) = " + columns.size() + " from pg_attribute where " + attributes(columns)
                + ") and exists (select from pg_proc where oid = to_regproc(" + Sql.text(triggers.function())
                + ") and prosrc = $mediaferry$" + triggers.body()
                + "$mediaferry$) and (select count(*) = 2 from pg_trigger where tgrelid = "
                + table.oid() + " and tgname in (" + Sql.text(triggers.insertTrigger()) + ", "
                + Sql.text(triggers.updateTrigger()) + ") and tgfoid = to_regproc(" + Sql.text(triggers.function())
                + ") and tgenabled " + (always ? "= 'A'" : "in ('O', 'A')") + ")";
        return new Step(
                name,
                probe,
                statements,
                name.equals(DUAL_WRITE) ? Lock.SHARE_ROW_EXCLUSIVE : Lock.ACCESS_EXCLUSIVE,
                table.table(),
                List.of(table.oid()));
    }

    /** @param from where the columns are now */
    private List<String> renames(Side from) {
        List<String> statements = new ArrayList<>();
        for (String name : table.reference().old()) {
            String retired = ReferenceTable.retired(name);
            statements.add("alter table %s rename column %s to %s"
                    .formatted(
                            table.table(),
                            Sql.name(from == Side.NAMED ? name : retired),
                            Sql.name(from == Side.NAMED ? retired : name)));
        }
        return statements;
    }

    private List<Long> watched() {
        return table.lookup().isEmpty()
                ? Collections.singletonList(table.oid())
                : List.of(table.oid(), table.lookup().get().oid());
    }

    private String attributes(List<String> names) {
        return "attrelid = " + table.oid() + " and not attisdropped and attname in (" + Sql.each(names, ", ", Sql::text)
                + ")";
    }

    /** Condition on {@code c}: the foreign key from the new column, whatever it is called. */
    String itsForeignKey() {
        return "c.contype = 'f' and c.conrelid = " + table.oid() + " and c.confrelid = "
                + table.lookup().orElseThrow().oid()
                + " and c.conkey = array(select attnum from pg_attribute where "
                + attributes(table.reference().fresh()) + ")";
    }

    private String foreignKeyName() {
        return ReferenceTable.bounded(
                "mf_" + table.reference().table() + "_"
                        + table.reference().fresh().get(0),
                "_fk");
    }

    private String index() {
        return ReferenceTable.bounded(
                "mf_" + table.reference().table() + "_"
                        + table.reference().fresh().get(0),
                "");
    }

    private String lookupIndex() {
        return ReferenceTable.bounded(
                "mf_" + sql.lookup().table() + "_" + sql.lookup().key(), "");
    }
}
