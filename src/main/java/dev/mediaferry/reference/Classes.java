package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Form;
import dev.mediaferry.registry.Reference.Lookup;
import java.util.List;
import java.util.Map;

/** What the values of the old side are: how many of each kind, and some of them. */
final class Classes {

    /** Of these samples are shown: every other kind is what most rows are. */
    private static final String SAMPLED = "'empty', 'none', 'several', 'trim', 'url'";

    private static final Map<String, String> MEANINGS = Map.of(
            "null", "no value",
            "empty", "an empty text, which names nothing",
            "exact", "a key that one row has",
            "trim", "a key with blanks around it",
            "url", "our public address of a key",
            "several", "a key that several rows have",
            "none", "a key that no row has",
            "value", "a value that the new column takes");

    private record Counted(String kind, long rows, List<String> samples) {}

    private final Database database;
    private final ReferenceTable table;
    private final ReferenceSql sql;

    Classes(Database database, ReferenceTable table) {
        this.database = database;
        this.table = table;
        this.sql = new ReferenceSql(table);
    }

    /** Reads the whole table once. */
    List<ValueClass> count() {
        return database.client().sql(query()).query(new RecordMapper<>(Counted.class)).list().stream()
                .map(one -> new ValueClass(
                        one.kind(), one.rows(), MEANINGS.get(one.kind()), treatment(one.kind()), one.samples()))
                .toList();
    }

    private String query() {
        String shown = "p." + sql.id() + "::text || ': ' || concat_ws(' | ', "
                + Sql.each(sql.old(), ", ", c -> "'''' || left(p." + c + "::text, 100) || ''''") + ")";
        return "select /* mediaferry */ kind, count(*) as rows, coalesce((array_agg(shown order by shown) filter (where kind in ("
                + SAMPLED
                + ")))[1:5], '{}') as samples from (select " + (sql.looksUp() ? lookedUp() : plain()) + " as kind, "
                + shown + " as shown from " + table.table() + " p" + (sql.looksUp() ? joins() : "")
                + ") as x group by kind order by rows desc, kind";
    }

    private String plain() {
        return "case when not " + ReferenceSql.filled("p", sql.old()) + " then 'null'"
                + (table.types().contains("text")
                        ? " when " + Sql.each(sql.old(), " and ", c -> "coalesce(p." + c + "::text, '') = ''")
                                + " then 'empty'"
                        : "")
                + " else 'value' end";
    }

    private String lookedUp() {
        StringBuilder kind = new StringBuilder("case when %1$s is null then 'null' when %1$s = '' then 'empty'"
                .formatted("p." + sql.old().get(0)));
        for (Form form : sql.lookup().match()) {
            String label = ReferenceSql.label(form);
            kind.append(" when by_%1$s.n > 0 then ".formatted(label))
                    .append(sql.chosen() ? "" : "case when by_%s.n > 1 then 'several' else ".formatted(label))
                    .append(Sql.text(label))
                    .append(sql.chosen() ? "" : " end");
        }
        return kind.append(" else 'none' end").toString();
    }

    /** All keys at once: before expand there may be no index by which single ones could be looked up. */
    private String joins() {
        StringBuilder joins = new StringBuilder();
        String same = Sql.each(sql.lookup().same(), "", name -> ", s." + Sql.name(name));
        for (Form form : sql.lookup().match()) {
            String keys = "by_" + ReferenceSql.label(form);
            joins.append(
                    " left join (select s.%1$s::text as key%2$s, count(*) as n from %3$s s group by s.%1$s::text%2$s) %4$s on %4$s.key = %5$s%6$s"
                            .formatted(
                                    Sql.name(sql.lookup().key()),
                                    same,
                                    sql.lookupTable(),
                                    keys,
                                    sql.key(form, "p." + sql.old().get(0) + "::text"),
                                    sql.same(keys, "p")));
        }
        return joins.toString();
    }

    private String treatment(String kind) {
        return switch (kind) {
            case "several" ->
                treatment(table.reference().lookup().map(Lookup::several).orElseThrow(), "several");
            case "none" ->
                treatment(table.reference().lookup().map(Lookup::none).orElseThrow(), "none");
            case "null", "empty" -> "the new side stays empty";
            default -> ValueClass.MOVED;
        };
    }

    private static String treatment(Choice choice, String word) {
        if (choice == Choice.CREATE) {
            return "backfill makes a row where the bucket has the object; the others are refused";
        }
        return choice == Choice.REFUSE
                ? "refused: correct the rows, or say " + word + ": leave"
                : "the new side stays empty, as " + word + ": leave says";
    }
}
