package dev.mediaferry.registry;

import dev.mediaferry.registry.Archive.Role;
import java.util.Optional;

/** What the planner of an archive, its status, and whoever deletes its local files ask of its table. */
public record ArchiveQueries(ArchiveTable table) {

    /** Rows per page while the table is searched for files to archive. */
    public static final int SCAN_PAGE = 5000;

    private static final int MAX_ID_LENGTH = 500;

    /** Condition on the MD5 of a row; others cannot be told by their bytes. */
    private static final String HEXADECIMAL = " ~ '^[0-9A-Fa-f]{32}$'";

    /**
     * A page of rows that are not archived yet, in the order of their ids.
     *
     * @param first true for the first page; the others start after parameter {@code after}
     */
    public String scanSql(boolean first) {
        return "select %s from %s x where %s is null and %s and length(%s::text) <= %d%s order by %s limit %d"
                .formatted(
                        facts(table.id() + "::text", "null"),
                        table.table(),
                        table.column(Role.TARGET),
                        table.md5() + HEXADECIMAL,
                        table.id(),
                        MAX_ID_LENGTH,
                        first
                                ? ""
                                : " and " + table.id() + " > :#after::"
                                        + table.idType().sqlName(),
                        table.id(),
                        SCAN_PAGE);
    }

    /** A page of rows that were archived before, to be archived once more. */
    public String archivedSql(boolean first) {
        return """
                select %s from mediaferry.transfer t join %s x on %s = t.row_key::%s and %s = t.target
                where t.entry = :#entry and t.state = 'linked' and %s%s order by t.id limit %d"""
                .formatted(
                        facts("t.id", table.column(Role.TARGET)),
                        table.table(),
                        table.id(),
                        table.idType().sqlName(),
                        table.column(Role.TARGET),
                        table.md5() + HEXADECIMAL,
                        first ? "" : " and t.id > :#after::bigint",
                        SCAN_PAGE);
    }

    String facts(String position, String old) {
        return "%s as position, %s::text as id, %s as md5, %s as path, %s as mime, %s as type, %s as day, %s as old"
                .formatted(
                        position,
                        table.id(),
                        table.md5(),
                        table.text(Role.PATH),
                        table.text(Role.MIME),
                        table.text(Role.TYPE),
                        table.date(),
                        old);
    }

    /** Counts, by reason, the rows that {@link #scanSql} leaves out. */
    public String skippedSql() {
        return """
                select skip, count(*) as rows from (
                  select case
                    when %1$s like any (:#ours::text[]) then 'ours'
                    when %1$s is not null then 'foreign'
                    when %2$s is null or btrim(%2$s) = '' then 'empty'
                    when %2$s %3$s and length(%4$s::text) <= %5$d then null
                    else 'invalid' end as skip
                  from %6$s x) as rows
                where skip is not null group by skip"""
                .formatted(
                        table.exactTarget(), table.md5(), HEXADECIMAL, table.id(), MAX_ID_LENGTH, table.table());
    }

    /** Counts all rows by type, and those that are archived: {@code type, rows, archived}. */
    public String countSql() {
        return """
                select coalesce(nullif(%1$s, ''), split_part(%2$s, '/', 1), 'unknown') as type, count(*) as rows,
                  count(*) filter (where %3$s is not null) as archived
                from %4$s x group by 1 order by 1"""
                .formatted(table.text(Role.TYPE), table.text(Role.MIME), table.column(Role.TARGET), table.table());
    }

    /** Which of the {@code md5s}, in lower case, any row of the table has. */
    public String knownSql() {
        return "select distinct lower(%1$s) as md5 from %2$s x where lower(%1$s) = any (:#md5s::text[])"
                .formatted(table.md5(), table.table());
    }

    /** Which of the {@code paths} a row has; empty when the table has none. */
    public Optional<String> knownPathsSql() {
        return table.columns().containsKey(Role.PATH)
                ? Optional.of("select distinct %1$s as path from %2$s x where %1$s = any (:#paths::text[])"
                        .formatted(table.text(Role.PATH), table.table()))
                : Optional.empty();
    }

    /**
     * Rows that may have to do with files: those that have one of the {@code md5s}, in lower case, and those not archived yet
     * whose path ends with one of the {@code names}.
     */
    public String usersSql() {
        String named = table.columns().containsKey(Role.PATH)
                ? " or %s is null and substring(%s from '[^/]*$') = any (:#names::text[])"
                        .formatted(table.column(Role.TARGET), table.text(Role.PATH))
                : " or false and :#names::text[] is null";
        return "select %s, %s::text as target from %s x where lower(%s) = any (:#md5s::text[])%s and %s"
                .formatted(
                        facts("null", "null"),
                        table.column(Role.TARGET),
                        table.table(),
                        table.md5(),
                        named,
                        table.md5() + " is not null");
    }

    /**
     * Locks those of the transfers {@code ids} that are archived still, with their rows, and tells which: {@code id}. What
     * somebody else has locked is left out, rather than waited for.
     */
    public String lockSql() {
        return """
                select t.id from mediaferry.transfer t join %s x on %s = t.row_key::%s and %s = t.target
                where t.id = any (:#ids::bigint[]) and t.entry = :#entry and t.state = 'linked' and t.object_state = 'present'
                  and lower(%s) = split_part(lower(t.source), ' ', 1)
                order by t.id for no key update of t, x skip locked"""
                .formatted(
                        table.table(),
                        table.id(),
                        table.idType().sqlName(),
                        table.column(Role.TARGET),
                        table.md5());
    }

    /** A page of archived rows after the transfer {@code after}, archived before {@code before}. */
    public String cleanSql() {
        return """
                select %s, t.object_key, t.bucket, t.sha256, t.bytes
                from mediaferry.transfer t join %s x on %s = t.row_key::%s and %s = t.target
                where t.entry = :#entry and t.state = 'linked' and t.object_state = 'present' and t.id > :#after::bigint
                  and t.updated < :#before::timestamptz and %s
                order by t.id limit :#most"""
                .formatted(
                        facts("t.id", "null"),
                        table.table(),
                        table.id(),
                        table.idType().sqlName(),
                        table.column(Role.TARGET),
                        table.md5() + HEXADECIMAL);
    }
}
