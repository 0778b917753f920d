package dev.mediaferry.backup;

import dev.mediaferry.content.OwnerOnly;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.registry.Category;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * The tables of records as they are before an import, in a file that {@code psql} reads: the rows of each, in the form of
 * {@code COPY … FROM stdin}, tables that others refer to first, all of one moment.
 */
final class RecordDump {

    private final Database database;

    RecordDump(Database database) {
        this.database = database;
    }

    /** @throws ConfigurationException when the file is there: it may hold what no other file does */
    static void check(Path file) {
        if (Files.exists(file)) {
            throw new ConfigurationException(
                    "--backup " + file
                            + " is there already, with the records as they were then; name another file, or leave --backup out to go on");
        }
    }

    void write(Path file, List<Category> categories) {
        check(file);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (Connection connection = database.connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            execute(connection, "set transaction read only");
            // Rather no dump than one without the rows that a policy hides.
            execute(connection, "set local row_security = off");
            execute(connection, "set local intervalstyle = 'postgres'");
            OwnerOnly.create(part);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
                write(out, connection, categories);
            }
            connection.rollback();
            Files.move(part, file);
        } catch (SQLException e) {
            throw new ServiceUnreachableException("the records cannot be read for --backup: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write --backup " + file, e);
        }
    }

    private static void write(OutputStream out, Connection connection, List<Category> categories)
            throws SQLException, IOException {
        List<Long> tables = tables(connection, categories);
        line(out, "-- Records before an import, " + Instant.now() + ".");
        line(out, "-- Into tables that are empty, or lack these rows: psql -v ON_ERROR_STOP=1 -f FILE");
        line(out, "set client_encoding = 'UTF8';");
        line(out, "set datestyle = 'ISO';");
        line(out, "set intervalstyle = 'postgres';");
        line(out, "begin;");
        for (long table : tables) {
            String name = text(connection, "select ?::oid::regclass::text", table);
            String columns = text(
                    connection,
                    "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
                            + " where attrelid = ?::oid and attnum > 0 and not attisdropped and attgenerated = ''",
                    table);
            line(out, "");
            line(out, "copy " + name + " (" + columns + ") from stdin;");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy (select " + columns + " from " + name + ") to stdout", out);
            line(out, "\\.");
            for (String sequence : sequences(connection, table)) {
                line(out, sequence);
            }
        }
        line(out, "commit;");
    }

    /** Tables of records, those that others of them refer to first. */
    private static List<Long> tables(Connection connection, List<Category> categories) throws SQLException {
        // With the schema in every name.
        execute(connection, "set local search_path = pg_catalog");
        Set<Long> left = new LinkedHashSet<>();
        for (Category category : categories) {
            left.add(Long.parseLong(text(
                    connection,
                    "select format('%I.%I', ?::text, ?::text)::regclass::oid::text",
                    category.schema(),
                    category.relation())));
        }
        List<Long> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            long next = left.iterator().next();
            for (long table : left) {
                if (!refersTo(connection, table, left)) {
                    next = table;
                    break;
                }
            }
            ordered.add(next);
            left.remove(next);
        }
        return ordered;
    }

    private static boolean refersTo(Connection connection, long table, Set<Long> others) throws SQLException {
        String count = text(
                connection,
                "select count(*)::text from pg_constraint where contype = 'f' and conrelid = ?::oid and confrelid <> conrelid"
                        + " and confrelid = any (string_to_array(?, ',')::oid[])",
                table,
                String.join(",", others.stream().map(String::valueOf).toList()));
        return !count.equals("0");
    }

    /** @return statements that make sequences go on after the rows */
    private static List<String> sequences(Connection connection, long table) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select d.objid::regclass::text from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'"
                        + " where d.refobjid = ?::oid and d.deptype in ('a', 'i') order by 1")) {
            select.setLong(1, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String sequence = rows.getString(1);
                    String state =
                            text(connection, "select format('%s, %s', last_value, is_called::text) from " + sequence);
                    statements.add("select pg_catalog.setval(" + literal(sequence) + ", " + state + ");");
                }
            }
        }
        return statements;
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String text(Connection connection, String query, Object... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
