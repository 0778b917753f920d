package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.registry.Reference;
import dev.mediaferry.registry.Reference.Back;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Form;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Reference.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the old side of a reference becomes the new one, and back, as SQL. Identifiers come from the registry, were found in the
 * catalogue, and are quoted.
 */
final class ReferenceSql {

    /** What {@code btrim} takes off besides the space. */
    private static final String BLANKS = "E' \\t\\r\\n'";

    private final ReferenceTable table;
    private final Reference reference;
    private final Side side;

    ReferenceSql(ReferenceTable table) {
        this(table, table.side());
    }

    /** @param side where the old columns are taken to be */
    ReferenceSql(ReferenceTable table, Side side) {
        this.table = table;
        this.reference = table.reference();
        this.side = side;
    }

    ReferenceTable table() {
        return table;
    }

    boolean looksUp() {
        return reference.kind() == Kind.LOOKUP;
    }

    Lookup lookup() {
        return reference.lookup().orElseThrow();
    }

    String lookupTable() {
        return table.lookup().orElseThrow().table();
    }

    String id() {
        return Sql.name(reference.id());
    }

    List<String> old() {
        return reference.old().stream()
                .map(name -> side == Side.RETIRED ? ReferenceTable.retired(name) : name)
                .map(Sql::name)
                .toList();
    }

    List<String> fresh() {
        return reference.fresh().stream().map(Sql::name).toList();
    }

    /** Columns that become others together: all of them, but of a rename each pair by itself. */
    List<Group> groups() {
        if (reference.kind() != Kind.COPY) {
            return List.of(new Group(old(), fresh()));
        }
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < old().size(); i++) {
            groups.add(new Group(List.of(old().get(i)), List.of(fresh().get(i))));
        }
        return groups;
    }

    record Group(List<String> old, List<String> fresh) {}

    /** Condition on a row: one of these columns holds something. */
    static String filled(String row, List<String> columns) {
        return "(" + Sql.each(columns, " or ", column -> row + "." + column + " is not null") + ")";
    }

    static String changed(List<String> columns) {
        return "(" + Sql.each(columns, " or ", column -> "new." + column + " is distinct from old." + column) + ")";
    }

    /** The value of the new column that a row's old ones say, where that follows from the row itself. */
    String forward(String row, Group group) {
        if (reference.kind() == Kind.COPY) {
            return row + "." + group.old().get(0);
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < group.old().size(); i++) {
            String value = "nullif(" + row + "." + group.old().get(i) + "::text, '')";
            boolean key = reference.back().get(reference.old().get(i)) == Back.KEY;
            values.add(key ? Sql.text(table.prefix()) + " || " + value : value);
        }
        return "coalesce(" + String.join(", ", values) + ")";
    }

    /** The value of an old column that a row's new one says. */
    String backward(String row, Group group, int nth) {
        String value = row + "." + group.fresh().get(0);
        return switch (reference.kind()) {
            case COPY, VIEW -> value;
            case MERGE ->
                reference.back().get(reference.old().get(nth)) == Back.LINK
                        ? value
                        : "case when starts_with(" + value + ", " + Sql.text(table.prefix()) + ") then substr(" + value
                                + ", "
                                + (table.prefix()
                                                .codePointCount(
                                                        0, table.prefix().length())
                                        + 1) + ") end";
            case LOOKUP ->
                "(select s." + Sql.name(lookup().key()) + " from " + lookupTable() + " s where s."
                        + Sql.name(lookup().id()) + " = " + value + ")";
        };
    }

    /**
     * A query of the rows that a key leads to: {@code id} (null when that is not to be decided), {@code form}, {@code n} and
     * {@code candidates}, of the first form under which there are any; no row when there are none.
     *
     * @param value the old value, as SQL
     * @param row that has the columns in which both must agree
     */
    String resolve(String value, String row) {
        List<String> forms = new ArrayList<>();
        for (Form form : lookup().match()) {
            forms.add("(" + forms.size() + ", " + Sql.text(label(form)) + ", " + key(form, value) + ")");
        }
        String order = lookup().created()
                .map(created -> " order by s." + Sql.name(created)
                        + (lookup().several() == Choice.NEWEST ? " desc nulls last" : " nulls last") + ", s." + key())
                .orElse("");
        String id = chosen() ? "one.id" : "case when one.n = 1 then one.id end";
        return "select " + id + " as id, f.form, one.n, one.candidates from (values " + String.join(", ", forms)
                + ") as f (rank, form, key) cross join lateral (select (array_agg(s." + key() + order
                + "))[1] as id, count(*) as n, (array_agg(s." + key() + "::text))[1:5] as candidates from "
                + lookupTable()
                + " s where s." + Sql.name(lookup().key()) + " = f.key" + same("s", row)
                + ") as one where one.n > 0 order by f.rank limit 1";
    }

    /** The key that a value names under this form; null when it names none. */
    String key(Form form, String value) {
        return switch (form) {
            case EXACT -> "nullif(" + value + ", '')";
            case TRIM -> "nullif(nullif(btrim(" + value + ", " + BLANKS + "), ''), " + value + ")";
            case URL -> cut(value);
        };
    }

    /** The keys that a value may name, as an array, in the order of the forms. */
    String keys(String value) {
        return "array_remove(array[" + Sql.each(lookup().match(), ", ", form -> key(form, value)) + "], null)";
    }

    /** True when one of several rows is taken. */
    boolean chosen() {
        return lookup().several() == Choice.NEWEST || lookup().several() == Choice.OLDEST;
    }

    private String key() {
        return Sql.name(lookup().id());
    }

    /** Condition, with the {@code and} before it: both rows agree where they have to. */
    String same(String one, String other) {
        StringBuilder same = new StringBuilder();
        lookup().same()
                .forEach(column -> same.append(" and %1$s.%3$s = %2$s.%3$s".formatted(one, other, Sql.name(column))));
        return same.toString();
    }

    /** The key in an address of ours, without query and fragment; null for any other value. */
    private String cut(String value) {
        String bare = "btrim(" + value + ", " + BLANKS + ")";
        int length = table.prefix().codePointCount(0, table.prefix().length());
        return "case when starts_with(" + bare + ", " + Sql.text(table.prefix())
                + ") then nullif(split_part(split_part(substr(" + bare + ", " + (length + 1)
                + "), chr(63), 1), chr(35), 1), '') end";
    }

    /** The form under which a value names this key, or null for none of those that are allowed. */
    String form(String value, String key) {
        StringBuilder cases = new StringBuilder("case");
        for (Form form : lookup().match()) {
            String named =
                    switch (form) {
                        case EXACT -> value;
                        case TRIM -> "btrim(" + value + ", " + BLANKS + ")";
                        case URL -> cut(value);
                    };
            cases.append(" when ")
                    .append(named)
                    .append(" = ")
                    .append(key)
                    .append(" then ")
                    .append(Sql.text(label(form)));
        }
        return cases.append(" end").toString();
    }

    static String label(Form form) {
        return form.name().toLowerCase(Locale.ROOT);
    }
}
