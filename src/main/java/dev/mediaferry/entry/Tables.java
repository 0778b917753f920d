package dev.mediaferry.entry;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.registry.Field;
import dev.mediaferry.registry.Traits;
import dev.mediaferry.settings.Names;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of the database, and what is wrong with those that the registry names. */
final class Tables {

    private static final String TABLES =
            """
            select n.nspname as schema, c.relname as name, c.relkind, c.oid,
              pg_table_is_visible(c.oid) as visible, has_table_privilege(c.oid, 'select') as readable
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f')
              and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
              -- Nor in a ledger, whatever its schema is called.
              and not exists (select from pg_class l join pg_class h on h.relnamespace = l.relnamespace
                where l.relnamespace = n.oid and l.relname = 'accepted_content' and h.relname = 'host_pace')""";

    private static final String COLUMNS =
            """
            select a.attname as name, t.typname as type, a.atttypmod as modifier, a.attgenerated <> '' as generated,
              has_column_privilege(a.attrelid, a.attnum, 'update') as writable,
              format_type(a.atttypid, -1) as cast_type, a.attidentity <> '' as identity,
              (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
                where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated = '') as default_value,
              (select not collisdeterministic from pg_collation where oid = a.attcollation) as fuzzy,
              a.attnotnull as required, has_column_privilege(a.attrelid, a.attnum, 'insert') as insertable,
              exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indisvalid
                and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as is_unique
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = :table and a.attnum > 0 and not a.attisdropped""";

    /** What of a table decides whether its rows can be written at all, and what statements have to allow for. */
    private static final String FACTS =
            """
            with recursive below (oid) as (
              select cast(:table as oid)
              union select i.inhrelid from pg_inherits i join below b on i.inhparent = b.oid
            ), above (oid) as (
              select cast(:table as oid)
              union select i.inhparent from pg_inherits i join above a on i.inhrelid = a.oid
            ), policy as (
              select p.polcmd as command from pg_policy p
              where p.polrelid = :table and p.polpermissive and exists (
                select from unnest(p.polroles) as r (role) where r.role = 0 or pg_has_role(r.role, 'usage'))
            )
            select row_security_active(:table) as guarded,
              array(select distinct command::text from policy) as policies,
              array(select rulename::text from pg_rewrite where ev_class = :table and ev_type = '2' and ev_enabled <> 'D') as rules,
              exists (select from pg_trigger t where t.tgrelid in (select oid from below) and not t.tgisinternal
                and t.tgenabled <> 'D' and t.tgtype & 16 > 0 and t.tgtype & (2 | 64) = 0) as watched,
              (select c.relkind = 'r' from pg_class c where c.oid = :table)
                and exists (select from pg_inherits where inhparent = :table) as inherited,
              array(
                select p.pubname::text from pg_publication p where p.pubupdate and exists (
                  select from pg_publication_tables t join pg_namespace n on n.nspname = t.schemaname
                  join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
                  where t.pubname = p.pubname and c.oid in (select oid from below union select oid from above))) as publications,
              exists (select from pg_class c where c.oid in (select oid from below) and c.relkind = 'r'
                and c.relreplident <> 'f' and not exists (
                  select from pg_index i where i.indrelid = c.oid and i.indisvalid
                  and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident end)) as anonymous""";

    record Table(String schema, String name, String kind, long oid, boolean visible, boolean readable) {}

    /**
     * @param guarded row security decides which rows we see and may write
     * @param policies commands that policies allow us, as the catalog abbreviates them
     * @param rules on update
     * @param watched triggers fire after an update
     * @param inherited other tables inherit from it, whose ids no index of this one keeps apart
     * @param publications that publish updates
     * @param anonymous rows have nothing that a publication could tell them apart by
     */
    private record Facts(
            boolean guarded,
            List<String> policies,
            List<String> rules,
            boolean watched,
            boolean inherited,
            List<String> publications,
            boolean anonymous) {}

    record Attribute(
            String name,
            String type,
            String castType,
            int modifier,
            boolean generated,
            boolean identity,
            String defaultValue,
            boolean required,
            boolean insertable,
            boolean writable,
            boolean fuzzy,
            boolean isUnique) {

        boolean filledByItself() {
            return identity || generated || defaultValue != null || !required;
        }
    }

    /** What a table is looked for by, and where that stands in the registry. */
    record Wanted(int line, String entry, String schema, String table) {

        static Wanted of(Field field) {
            return new Wanted(field.line(), field.name(), field.schema(), field.table());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private final JdbcClient database;
    private final List<Table> tables;
    private final List<String> problems = new ArrayList<>();

    Tables(JdbcClient database) {
        this.database = database;
        this.tables = database.sql(TABLES)
                .query((rs, row) -> new Table(
                        rs.getString("schema"),
                        rs.getString("name"),
                        rs.getString("relkind"),
                        rs.getLong("oid"),
                        rs.getBoolean("visible"),
                        rs.getBoolean("readable")))
                .list();
    }

    JdbcClient database() {
        return database;
    }

    /** @throws ConfigurationException naming all that was refused */
    void failOnProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** True when there is something of that name where it is looked for. */
    boolean knows(String schema, String name) {
        return tables.stream()
                .anyMatch(table -> table.name().equals(name)
                        && (schema == null ? table.visible() : table.schema().equals(schema)));
    }

    Optional<Table> table(Wanted wanted, String rights) {
        List<Table> found = tables.stream()
                .filter(table -> table.name().equals(wanted.table()))
                .filter(table -> wanted.schema() == null
                        ? table.visible()
                        : table.schema().equals(wanted.schema()))
                .toList();
        if (found.isEmpty()) {
            return refuse(wanted, "the database has no table " + wanted.table() + nearTable(wanted));
        }
        Table table = found.get(0);
        if (!table.kind().equals("r") && !table.kind().equals("p")) {
            return refuse(wanted, table.name() + " is no table but a view or the like; name the table behind it");
        }
        if (!table.readable()) {
            return refuse(wanted, "the database user may not read table " + table.name() + "; grant " + rights);
        }
        return Optional.of(table);
    }

    Map<String, Attribute> attributes(Table table) {
        Map<String, Attribute> attributes = new TreeMap<>();
        database.sql(COLUMNS)
                .param("table", table.oid())
                .query((rs, row) -> new Attribute(
                        rs.getString("name"),
                        rs.getString("type"),
                        rs.getString("cast_type"),
                        rs.getInt("modifier"),
                        rs.getBoolean("generated"),
                        rs.getBoolean("identity"),
                        rs.getString("default_value"),
                        rs.getBoolean("required"),
                        rs.getBoolean("insertable"),
                        rs.getBoolean("writable"),
                        rs.getBoolean("fuzzy"),
                        rs.getBoolean("is_unique")))
                .list()
                .forEach(attribute -> attributes.put(attribute.name(), attribute));
        return attributes;
    }

    Optional<IdType> id(Wanted wanted, String name, Map<String, Attribute> attributes) {
        Attribute id = attributes.get(name);
        if (id == null) {
            return refuse(
                    wanted,
                    "table " + wanted.table() + " has no column " + name
                            + " to tell its rows apart; name the unique one with id: …"
                            + near(name, attributes.keySet()));
        }
        Optional<IdType> type = IdType.of(id.type());
        if (type.isEmpty()) {
            return refuse(
                    wanted,
                    "id column " + name + " is of type " + id.type()
                            + ", but must be text, varchar, uuid or an integer");
        }
        if (!id.isUnique()) {
            return refuse(
                    wanted,
                    "id column " + name
                            + " is not unique: one link could be written to many rows; it needs a primary key or unique index");
        }
        return type;
    }

    /** Refuses a column that does not say whose a row's medium is. */
    void checkUser(Wanted wanted, Optional<AsMedia> asMedia, Map<String, Attribute> attributes) {
        asMedia.map(AsMedia::user).ifPresent(name -> {
            Attribute user = attributes.get(name);
            if (user == null) {
                refuse(
                        wanted,
                        "media: table " + wanted.table() + " has no column " + name + near(name, attributes.keySet()));
            } else if (IdType.of(user.type()).isEmpty()) {
                refuse(
                        wanted,
                        "media: user column " + name + " is of type " + user.type()
                                + ", but must be text, varchar, uuid or an integer");
            }
        });
    }

    /** Refuses a column that no link could be written to. */
    boolean isWritable(Wanted wanted, Attribute column) {
        if (!column.type().equals("text") && !column.type().equals("varchar")) {
            refuse(wanted, column.name() + " is of type " + column.type() + ", but must be text or varchar");
            return false;
        }
        if (column.generated()) {
            refuse(wanted, column.name() + " is generated by the database, nothing can be written to it");
            return false;
        }
        if (!column.writable()) {
            refuse(wanted, "the database user may not update " + column.name() + "; grant update on it");
            return false;
        }
        return true;
    }

    /**
     * Refuses a table that the database lets nobody update, or us not; warns of one whose rows may be hidden from us.
     *
     * @param column that links are written to
     */
    Optional<Traits> traits(Wanted wanted, Table table, Attribute column) {
        Facts facts = facts(table);
        String name = table.name();
        int before = problems.size();
        if (!facts.rules().isEmpty()) {
            refuse(
                    wanted,
                    "table " + name + " has a rule on update, " + String.join(", ", facts.rules())
                            + ": the database takes no update there that says what it wrote; make it a trigger");
        }
        if (facts.inherited()) {
            refuse(
                    wanted,
                    "other tables inherit from " + name
                            + ", and no index keeps ids of all of them apart; name each of them on a line of its own,"
                            + " or make it a partitioned table");
        }
        if (!facts.publications().isEmpty() && facts.anonymous()) {
            refuse(
                    wanted,
                    "table " + name + " is published (" + String.join(", ", facts.publications())
                            + ") and has no replica identity, so the database takes no updates; give it a primary key,"
                            + " or alter table … replica identity …");
        }
        if (facts.guarded()) {
            checkPolicies(wanted, name, facts.policies());
        }
        return problems.size() > before
                ? Optional.empty()
                : Optional.of(new Traits(facts.guarded(), facts.watched(), column.fuzzy()));
    }

    private void checkPolicies(Wanted wanted, String name, List<String> policies) {
        String way = "; give it the attribute BYPASSRLS, let the table's owner run this, or create a policy for it";
        if (!policies.contains("*") && !policies.contains("r")) {
            refuse(wanted, "row security hides all rows of " + name + " from the database user" + way);
        } else if (!policies.contains("*") && !policies.contains("w")) {
            refuse(wanted, "row security of " + name + " has no policy that lets the database user update rows" + way);
        } else {
            LOG.warn(
                    "{}",
                    where(wanted) + "row security is active on table " + name
                            + ": rows that its policies hide from the database user are neither counted nor moved");
        }
    }

    private Facts facts(Table table) {
        return database.sql(FACTS)
                .param("table", table.oid())
                .query((rs, row) -> new Facts(
                        rs.getBoolean("guarded"),
                        texts(rs.getArray("policies")),
                        texts(rs.getArray("rules")),
                        rs.getBoolean("watched"),
                        rs.getBoolean("inherited"),
                        texts(rs.getArray("publications")),
                        rs.getBoolean("anonymous")))
                .single();
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /** Has the database look at a statement: it knows best whether it is possible. */
    void explain(Wanted wanted, String what, String statement, Map<String, Object> parameters) {
        try {
            database.sql("explain " + statement.replace(":#", ":"))
                    .params(parameters)
                    .query(line -> {});
        } catch (DataAccessException e) {
            if (!FailureClassifier.isRefusal(e)) {
                throw e;
            }
            refuse(wanted, "the database does not take " + what + ": " + FailureClassifier.sentence(e));
        }
    }

    private String nearTable(Wanted wanted) {
        List<String> names = tables.stream()
                .map(table -> table.visible() ? table.name() : table.schema() + "." + table.name())
                .toList();
        String full = wanted.schema() == null ? wanted.table() : wanted.schema() + "." + wanted.table();
        // The right table in another schema is nearer than a name that merely looks alike.
        return names.stream()
                .filter(name -> name.endsWith("." + wanted.table()))
                .findFirst()
                .map(name -> "; did you mean " + name + "?")
                .orElseGet(() -> near(full, names));
    }

    static String near(String name, Collection<String> known) {
        return Names.nearest(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    <T> Optional<T> refuse(Wanted wanted, String problem) {
        problems.add(where(wanted) + problem);
        return Optional.empty();
    }

    private static String where(Wanted wanted) {
        return "registry line " + wanted.line() + ": " + wanted.entry() + ": ";
    }
}
