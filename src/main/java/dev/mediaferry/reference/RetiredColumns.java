package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the catalogue knows of retired columns and would forget with them. */
final class RetiredColumns {

    private static final String TYPES =
            """
            select format_type(a.atttypid, a.atttypmod) || case when a.attcollation <> t.typcollation
                then format(' collate %I.%I', n.nspname, c.collname) else '' end
            from pg_attribute a join pg_type t on t.oid = a.atttypid
            left join pg_collation c on c.oid = a.attcollation left join pg_namespace n on n.oid = c.collnamespace
            where a.attrelid = ? and a.attname = ? and not a.attisdropped""";

    private static final String MORE =
            """
            select format('alter table %1$s alter column %%I set default %%s', a.attname, pg_get_expr(d.adbin, d.adrelid))
            from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid = ? and a.attname = ? and not a.attisdropped and a.attgenerated = ''
            union all
            select format('comment on column %1$s.%%I is %%L', a.attname, col_description(a.attrelid, a.attnum))
            from pg_attribute a where a.attrelid = ? and a.attname = ? and col_description(a.attrelid, a.attnum) is not null
            union all
            select format('grant %%s (%%I) on %1$s to %%s%%s', lower(x.privilege_type), a.attname,
              case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end,
              case when x.is_grantable then ' with grant option' else '' end)
            from pg_attribute a cross join lateral aclexplode(a.attacl) x
            where a.attrelid = ? and a.attname = ? and not a.attisdropped""";

    /** Those of constraints have a line of their own. */
    private static final String INDEXES =
            """
            select distinct x.relname::text as name,
              regexp_replace(pg_get_indexdef(x.oid), '^CREATE (UNIQUE )?INDEX ', 'CREATE \\1INDEX CONCURRENTLY ') as made
            from pg_depend d join pg_class x on x.oid = d.objid and x.relkind = 'i'
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = ? and a.attname = any (?)
            order by 1""";

    private static final String CONSTRAINTS =
            """
            select c.conname::text as name, c.contype::text as kind, format('alter table %1$s add constraint %%I %%s not valid', c.conname,
              regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '')) as made
            from pg_constraint c where c.conrelid = ?
              and exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname = any (?))
            order by 1""";

    private final Connection connection;
    private final ReferenceTable table;
    private final List<String> names;

    /** @param connection that finds nothing without its schema, so that all is written with it */
    RetiredColumns(Connection connection, ReferenceTable table) {
        this.connection = connection;
        this.table = table;
        this.names =
                table.reference().old().stream().map(ReferenceTable::retired).toList();
    }

    /** @return the types of the columns, as a statement writes them */
    List<String> types() throws SQLException {
        List<String> types = new ArrayList<>();
        for (String name : names) {
            types.addAll(texts(TYPES, name, 1));
        }
        return types;
    }

    /** @return statements that make the columns again, empty, with defaults, comments and grants */
    List<String> statements() throws SQLException {
        List<String> statements = new ArrayList<>();
        List<String> types = types();
        for (int i = 0; i < names.size(); i++) {
            statements.add("alter table %s add column if not exists %s %s"
                    .formatted(table.table(), Sql.name(names.get(i)), types.get(i)));
            statements.addAll(texts(named(MORE), names.get(i), 3));
        }
        return statements;
    }

    List<Dump.Made> indexes() throws SQLException {
        return made(INDEXES, "");
    }

    /** @return those that can be made again beside traffic */
    List<Dump.Made> constraints() throws SQLException {
        return made(named(CONSTRAINTS), "cf");
    }

    /** @return names of those that cannot: they need an index that they own, or values in all rows */
    List<String> others() throws SQLException {
        return made(named(CONSTRAINTS), "pnuxt").stream().map(Dump.Made::name).toList();
    }

    private String named(String query) {
        return query.formatted(table.table().replace("'", "''").replace("%", "%%"));
    }

    private List<String> texts(String query, String name, int times) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < times; i++) {
                statement.setLong(2 * i + 1, table.oid());
                statement.setString(2 * i + 2, name);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
        }
        return texts;
    }

    /** @param kinds of constraints; empty for what has none */
    private List<Dump.Made> made(String query, String kinds) throws SQLException {
        List<Dump.Made> made = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, table.oid());
            statement.setArray(2, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (kinds.isEmpty() || kinds.contains(rows.getString("kind"))) {
                        made.add(new Dump.Made(rows.getString("name"), rows.getString("made")));
                    }
                }
            }
        }
        return made;
    }
}
