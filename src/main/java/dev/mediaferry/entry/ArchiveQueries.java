package dev.mediaferry.entry;

import dev.mediaferry.registry.Archive.Role;
import java.util.Optional;

/** What the planner of an archive, its status and the deletion of its local files ask of its table. */
public record ArchiveQueries(ArchiveTable table) {

    /** Rows per page while the table is searched for files to archive. */
    public static final int SCAN_PAGE = 5000;

    private static final int MAX_ID_LENGTH = 500;

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
                        table.md5() + " is not null",
                        table.id(),
                        MAX_ID_LENGTH,
                        after(first),
                        table.id(),
                        SCAN_PAGE);
    }

    /** A page of rows that are archived, by us or by another tool, to be archived once more; in the order of their ids. */
    public String archivedSql(boolean first) {
        return "select %s from %s x where %s is not null and %s is not null and length(%s::text) <= %d%s order by %s limit %d"
                .formatted(
                        facts(table.id() + "::text", table.column(Role.TARGET) + "::text"),
                        table.table(),
                        table.column(Role.TARGET),
                        table.md5(),
                        table.id(),
                        MAX_ID_LENGTH,
                        after(first),
                        table.id(),
                        SCAN_PAGE);
    }

    /** What a row says of its file. */
    public String factsSql() {
        return "select %s from %s x where %s = :#id::%s and %s is not null"
                .formatted(
                        facts("null", "null"),
                        table.table(),
                        table.id(),
                        table.idType().sqlName(),
                        table.md5());
    }

    /**
     * A page of archived rows, whether the ledger knows them or not, in the order of their ids: {@code position, id, target},
     * and of the ledger {@code bucket, object_key, bytes}, the last null where it does not know.
     */
    public String objectsSql(boolean first) {
        return """
                select p.*, t.bucket, t.object_key, t.bytes from (
                  select %1$s::text as position, %1$s::text as id, %2$s::text as target from %3$s x
                  where %2$s is not null%4$s order by %1$s limit :#most
                ) p left join lateral (
                  select * from mediaferry.transfer t
                  where t.entry = :#entry and t.row_key = p.id and t.target = p.target and t.state = 'linked' and t.shared
                  order by t.id desc limit 1
                ) t on true"""
                .formatted(table.id(), table.column(Role.TARGET), table.table(), after(first));
    }

    private String after(boolean first) {
        return first
                ? ""
                : " and " + table.id() + " > :#after::" + table.idType().sqlName();
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

    /**
     * Counts, by reason, the rows that are left out.
     *
     * @param force true of those that {@link #archivedSql} leaves out, false of {@link #scanSql}
     */
    public String skippedSql(boolean force) {
        return """
                select skip, count(*) as rows from (
                  select case
                    when %8$s
                    when %2$s is null or btrim(%2$s) = '' then 'empty'
                    when %3$s is not null and length(%4$s::text) <= %5$d then null
                    else 'invalid' end as skip
                  from %6$s x%7$s) as rows
                where skip is not null group by skip"""
                .formatted(
                        table.column(Role.TARGET),
                        table.md5Text(),
                        table.md5(),
                        table.id(),
                        MAX_ID_LENGTH,
                        table.table(),
                        force ? " where " + table.column(Role.TARGET) + " is not null" : "",
                        force
                                ? "false then null"
                                : "%1$s like any (:#ours::text[]) then 'ours' when %1$s is not null then 'foreign'"
                                        .formatted(table.exactTarget()));
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
                .formatted(table.table(), table.id(), table.idType().sqlName(), table.column(Role.TARGET), table.md5());
    }

    /** A page of archived rows after the transfer {@code after}, archived before {@code before}. */
    public String cleanSql() {
        return """
                select %s, t.object_key, t.bucket, t.sha256, t.bytes
                from mediaferry.transfer t join %s x on %s = t.row_key::%s and %s = t.target
                where t.entry = :#entry and t.state = 'linked' and t.object_state = 'present' and t.id > :#after::bigint
                  and t.updated < :#before::timestamptz and %s and not exists (
                    select from mediaferry.transfer n
                    where n.entry = t.entry and n.row_key = t.row_key and n.target = t.target and n.shared
                      and n.state = 'linked' and n.object_state = 'present' and n.id > t.id)
                order by t.id limit :#most"""
                .formatted(
                        facts("t.id", "null"),
                        table.table(),
                        table.id(),
                        table.idType().sqlName(),
                        table.column(Role.TARGET),
                        table.md5() + " is not null");
    }
}
