package dev.mediaferry.entry;

import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.entry.ReferenceTable.Target;
import dev.mediaferry.entry.Tables.Attribute;
import dev.mediaferry.entry.Tables.Table;
import dev.mediaferry.entry.Tables.Wanted;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Reference;
import dev.mediaferry.registry.Reference.Choice;
import dev.mediaferry.registry.Reference.Kind;
import dev.mediaferry.registry.Reference.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the tables of references in the database, and refuses those that could not be changed safely. */
public final class ReferenceCatalog {

    /** States of the ledger in which the old columns may be gone; a killed process may not have said so. */
    private static final Set<String> GONE = Set.of("retired", "finished");

    /** Those in which a table that had a view before it may have its new names. */
    private static final Set<String> RENAMED = Set.of("filled", "proved", "retired", "finished");

    /** Types of ids that a random UUID becomes, where nothing else gives one. */
    private static final Set<String> MADE_IDS = Set.of("text", "character varying", "uuid");

    private final JdbcClient database;
    private final Tables tables;
    private final Function<Reference, String> publicUrls;
    private final Map<String, String> states;

    private ReferenceCatalog(JdbcClient database, Function<Reference, String> publicUrls, Map<String, String> states) {
        this.database = database;
        this.tables = new Tables(database);
        this.publicUrls = publicUrls;
        this.states = states;
    }

    /**
     * @param publicUrls our public address for the keys of a reference, without a slash at its end
     * @param states of references that the ledger knows, by name
     * @return the references in their order
     * @throws ConfigurationException naming every reference that does not fit the database, and why
     */
    public static List<ReferenceTable> resolve(
            List<Reference> references,
            JdbcClient database,
            Function<Reference, String> publicUrls,
            Map<String, String> states) {
        if (references.isEmpty()) {
            return List.of();
        }
        ReferenceCatalog catalog = new ReferenceCatalog(database, publicUrls, states);
        List<ReferenceTable> found = references.stream()
                .map(catalog::reference)
                .flatMap(Optional::stream)
                .toList();
        catalog.tables.failOnProblems();
        return found;
    }

    private Optional<ReferenceTable> reference(Reference reference) {
        String behind = ReferenceTable.behind(reference.table());
        boolean viewed = reference.kind() == Kind.VIEW && tables.knows(reference.schema(), behind);
        Wanted wanted =
                new Wanted(reference.line(), reference.name(), reference.schema(), viewed ? behind : reference.table());
        return tables.table(wanted, "select and update").flatMap(table -> reference(reference, wanted, table));
    }

    private Optional<ReferenceTable> reference(Reference reference, Wanted wanted, Table table) {
        if (isDivided(table)) {
            return tables.refuse(
                    wanted,
                    "table " + table.name()
                            + " is partitioned or inherited from: such tables take no constraint that is"
                            + " checked later and no index beside traffic, so this cannot be done without standing still");
        }
        if (hidesRows(table)) {
            return hidden(wanted, table);
        }
        Map<String, Attribute> attributes = tables.attributes(table);
        Optional<IdType> id = tables.id(wanted, reference.id(), attributes);
        if (id.isPresent() && !attributes.get(reference.id()).required()) {
            id = tables.refuse(
                    wanted,
                    "id column " + reference.id() + " may be null, and what a row without one says could not be kept");
        }
        Optional<Side> side = side(reference, wanted, attributes);
        Optional<Target> target = Optional.empty();
        if (reference.kind() == Kind.LOOKUP) {
            target = reference.lookup().flatMap(lookup -> target(lookup, wanted, attributes));
            if (target.isEmpty()) {
                return Optional.empty();
            }
        }
        if (id.isEmpty() || side.isEmpty()) {
            return Optional.empty();
        }
        List<String> types = new ArrayList<>();
        for (int i = 0; i < reference.fresh().size(); i++) {
            int nth = i;
            String type = target.map(Target::idType).orElseGet(() -> typeOf(reference, nth, attributes));
            types.add(type);
            boolean taken = reference.kind() == Kind.VIEW
                    && side.get() == Side.NAMED
                    && attributes.containsKey(reference.fresh().get(i));
            if (taken) {
                return tables.refuse(
                        wanted,
                        "column " + reference.fresh().get(i) + " is there already, so nothing can get its name");
            }
            if (reference.kind() != Kind.VIEW && !fits(wanted, reference.fresh().get(i), type, attributes)) {
                return Optional.empty();
            }
        }
        return Optional.of(new ReferenceTable(
                reference,
                table.schema() + "." + table.name(),
                QueueSql.named(table.schema(), table.name()),
                table.oid(),
                id.get().sqlName(),
                types,
                target,
                publicUrls.apply(reference) + "/",
                side.get()));
    }

    /** Those of a rename keep their type; what holds a link is text. */
    private static String typeOf(Reference reference, int nth, Map<String, Attribute> attributes) {
        if (reference.kind() == Kind.MERGE) {
            return "text";
        }
        String old = reference.old().get(nth);
        Attribute column = attributes.getOrDefault(old, attributes.get(ReferenceTable.retired(old)));
        return column == null ? attributes.get(reference.fresh().get(nth)).castType() : column.castType();
    }

    private Optional<Side> side(Reference reference, Wanted wanted, Map<String, Attribute> attributes) {
        if (reference.kind() == Kind.VIEW
                && RENAMED.contains(states.getOrDefault(reference.name(), ""))
                && attributes.keySet().containsAll(reference.fresh())
                && reference.old().stream().noneMatch(attributes::containsKey)) {
            return Optional.of(Side.RETIRED);
        }
        if (reference.old().stream().allMatch(name -> attributes.containsKey(ReferenceTable.retired(name)))) {
            return Optional.of(Side.RETIRED);
        }
        List<String> missing = reference.old().stream()
                .filter(name -> !attributes.containsKey(name))
                .toList();
        if (missing.size() == reference.old().size()
                && GONE.contains(states.getOrDefault(reference.name(), ""))
                && attributes.keySet().containsAll(reference.fresh())) {
            return Optional.of(Side.GONE);
        }
        for (String name : missing) {
            tables.refuse(
                    wanted,
                    "table " + wanted.table() + " has no column " + name + Tables.near(name, attributes.keySet()));
        }
        boolean text = reference.kind() == Kind.LOOKUP || reference.kind() == Kind.MERGE;
        boolean usable = reference.old().stream()
                .filter(attributes::containsKey)
                .map(attributes::get)
                .map(column -> isUsable(wanted, column, text))
                .reduce(true, Boolean::logicalAnd);
        return missing.isEmpty() && usable ? Optional.of(Side.NAMED) : Optional.empty();
    }

    private boolean isUsable(Wanted wanted, Attribute column, boolean text) {
        if (text && !column.type().equals("text") && !column.type().equals("varchar")) {
            tables.refuse(wanted, column.name() + " is of type " + column.type() + ", but must be text or varchar");
            return false;
        }
        if (column.type().equals("json") || column.type().equals("xml")) {
            tables.refuse(
                    wanted,
                    column.name() + " is of type " + column.type()
                            + ", which has no equality, so nobody could tell whether both sides agree");
            return false;
        }
        if (column.generated()) {
            tables.refuse(wanted, column.name() + " is generated by the database, nothing can be written to it");
            return false;
        }
        if (column.fuzzy() || column.type().equals("citext")) {
            tables.refuse(
                    wanted,
                    column.name() + " has a collation under which different texts are equal, so that agreement would"
                            + " prove nothing; give it another");
            return false;
        }
        return true;
    }

    private boolean fits(Wanted wanted, String name, String type, Map<String, Attribute> attributes) {
        Attribute there = attributes.get(name);
        if (there == null) {
            return true;
        }
        if (!there.castType().equals(type)) {
            tables.refuse(
                    wanted,
                    "column " + name + " is there already, of type " + there.castType() + " instead of " + type);
            return false;
        }
        if (there.generated() || there.required()) {
            tables.refuse(
                    wanted,
                    "column " + name + " is there already, and " + (there.required() ? "not null" : "generated")
                            + ": it has to be empty in rows that nobody has filled yet");
            return false;
        }
        return true;
    }

    private Optional<Target> target(Lookup lookup, Wanted wanted, Map<String, Attribute> attributes) {
        Wanted looked = new Wanted(wanted.line(), wanted.entry(), lookup.schema(), lookup.table());
        return ledgerMedia(lookup)
                .or(() -> tables.table(looked, "select and references"))
                .flatMap(table -> target(lookup, wanted, looked, table, attributes));
    }

    /** Users may refer to uploaded media by their ids; no other table of a ledger is theirs to refer to. */
    private Optional<Table> ledgerMedia(Lookup lookup) {
        if (!lookup.table().equals("media")) {
            return Optional.empty();
        }
        return database.sql(
                        "select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                                + " where n.nspname = :schema and c.relname = 'media' and c.relnamespace ="
                                + " (select l.relnamespace from pg_class l where l.oid = (select tableoid from mediaferry.schema_history limit 1))")
                .param("schema", lookup.schema())
                .query(Long.class)
                .optional()
                .map(oid -> new Table(lookup.schema(), lookup.table(), "r", oid, false, true));
    }

    private Optional<Target> target(
            Lookup lookup, Wanted wanted, Wanted looked, Table table, Map<String, Attribute> attributes) {
        if (isDivided(table)) {
            return tables.refuse(
                    looked, "table " + table.name() + " is partitioned or inherited from, and cannot be looked up in");
        }
        if (hidesRows(table)) {
            return hidden(looked, table);
        }
        Map<String, Attribute> columns = tables.attributes(table);
        Optional<IdType> id = tables.id(looked, lookup.id(), columns);
        List<String> needed = new ArrayList<>(lookup.same());
        needed.add(lookup.key());
        lookup.created().ifPresent(needed::add);
        boolean there = hasAll(looked, needed, columns);
        there = hasAll(wanted, lookup.same(), attributes) && there;
        boolean usable = columns.containsKey(lookup.key()) && isUsable(looked, columns.get(lookup.key()), true);
        if (id.isEmpty() || !there || !usable || !mayBeMade(lookup, looked, columns)) {
            return Optional.empty();
        }
        Map<String, String> types = new TreeMap<>();
        lookup.same().forEach(name -> types.put(name, columns.get(name).castType()));
        return Optional.of(new Target(
                table.schema() + "." + table.name(),
                QueueSql.named(table.schema(), table.name()),
                table.oid(),
                columns.get(lookup.id()).castType(),
                types,
                !columns.get(lookup.id()).filledByItself(),
                isLedgerMedia(lookup)));
    }

    private boolean isLedgerMedia(Lookup lookup) {
        return ledgerMedia(lookup).isPresent();
    }

    /** A row that is made for a key has the key, what both rows must agree in, and an id; nobody knows anything else of it. */
    private boolean mayBeMade(Lookup lookup, Wanted looked, Map<String, Attribute> columns) {
        if (lookup.none() != Choice.CREATE) {
            return true;
        }
        if (isLedgerMedia(lookup)) {
            tables.refuse(looked, "none: create makes no media: these come from uploads");
            return false;
        }
        List<String> given = new ArrayList<>(lookup.same());
        given.add(lookup.key());
        List<String> wanting = columns.values().stream()
                .filter(column -> !given.contains(column.name()) && !column.filledByItself())
                .filter(column -> !column.name().equals(lookup.id()) || !MADE_IDS.contains(column.castType()))
                .map(Attribute::name)
                .toList();
        boolean insertable = given.stream().allMatch(name -> columns.get(name).insertable());
        if (!wanting.isEmpty()) {
            tables.refuse(
                    looked,
                    "none: create makes rows of " + lookup.table() + ", which need a default for "
                            + String.join(", ", wanting));
        } else if (!insertable) {
            tables.refuse(looked, "none: create makes rows of " + lookup.table() + ": grant insert on it");
        }
        return wanting.isEmpty() && insertable;
    }

    private boolean hasAll(Wanted wanted, List<String> names, Map<String, Attribute> attributes) {
        boolean all = true;
        for (String name : names) {
            if (!attributes.containsKey(name)) {
                tables.refuse(
                        wanted,
                        "table " + wanted.table() + " has no column " + name + Tables.near(name, attributes.keySet()));
                all = false;
            }
        }
        return all;
    }

    private <T> Optional<T> hidden(Wanted wanted, Table table) {
        return tables.refuse(
                wanted,
                "row security hides rows of " + table.name()
                        + " from the database user, so a proof would see too little;"
                        + " give it the attribute BYPASSRLS, or let the table's owner run this");
    }

    private boolean hidesRows(Table table) {
        return ask("select row_security_active(:table::oid)", table);
    }

    private boolean isDivided(Table table) {
        return table.kind().equals("p")
                || ask("select exists (select from pg_inherits where :table in (inhparent, inhrelid))", table);
    }

    private boolean ask(String question, Table table) {
        return database.sql(question)
                .param("table", table.oid())
                .query(Boolean.class)
                .single();
    }
}
