package dev.mediaferry.reference;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.entry.ReferenceTable.Side;
import dev.mediaferry.reference.ReferenceSql.Group;
import dev.mediaferry.registry.Reference.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The triggers that keep both sides alike. They go before the write, change its row once and issue no other, so that nothing can
 * go round in circles; a write that touches neither side does not reach them.
 *
 * <p>Which side speaks is decided by what changed: the new one where it did, else the old one. Once the old side is retired only
 * the new one speaks.
 */
final class DualWrite {

    /** A transaction that has this set writes both sides itself, or has its reasons: the backfill. */
    static final String BYPASS = "mediaferry.fill";

    private final ReferenceSql sql;
    private final String ledger;
    private final boolean both;

    /**
     * @param ledger schema of the ledger, which needs no quotes
     * @param side where the old columns are: retired ones only follow
     */
    DualWrite(ReferenceTable table, String ledger, Side side) {
        this.sql = new ReferenceSql(table, side);
        this.ledger = ledger;
        this.both = side == Side.NAMED;
    }

    /** The name without its schema, unquoted. */
    String functionName() {
        return "~" + sql.table().name();
    }

    String function() {
        return ledger + "." + Sql.name(functionName());
    }

    String insertTrigger() {
        return "~mediaferry " + sql.table().name() + " i";
    }

    String updateTrigger() {
        return "~mediaferry " + sql.table().name() + " u";
    }

    /** Counts writes of the old side. */
    String oldWrites() {
        return ledger + "." + Sql.name(sql.table().name() + " old writes");
    }

    /** Counts writes in which both sides changed and contradict each other. */
    String conflicts() {
        return ledger + "." + Sql.name(sql.table().name() + " conflicts");
    }

    /** Statements that put this in the place of what there was. */
    List<String> create() {
        List<String> statements = new ArrayList<>();
        statements.add("create sequence if not exists " + oldWrites());
        statements.add("create sequence if not exists " + conflicts());
        statements.add("create or replace function " + function()
                + "() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as "
                + "$mediaferry$" + body() + "$mediaferry$");
        statements.addAll(dropTriggers());
        statements.add("create trigger %s before insert on %s for each row when (%s) execute function %s()"
                .formatted(Sql.name(insertTrigger()), sql.table().table(), insertCondition(), function()));
        statements.add("create trigger %s before update on %s for each row when (%s) execute function %s()"
                .formatted(Sql.name(updateTrigger()), sql.table().table(), updateCondition(), function()));
        return statements;
    }

    /** Fire also for what replication and loads with {@code session_replication_role = replica} write. */
    List<String> always() {
        return List.of(insertTrigger(), updateTrigger()).stream()
                .map(trigger -> "alter table " + sql.table().table() + " enable always trigger " + Sql.name(trigger))
                .toList();
    }

    List<String> drop() {
        List<String> statements = new ArrayList<>(dropTriggers());
        statements.add("drop function if exists " + function() + "()");
        statements.add("drop sequence if exists " + oldWrites());
        statements.add("drop sequence if exists " + conflicts());
        return statements;
    }

    private List<String> dropTriggers() {
        return List.of(insertTrigger(), updateTrigger()).stream()
                .map(trigger -> "drop trigger if exists " + Sql.name(trigger) + " on "
                        + sql.table().table())
                .toList();
    }

    private String insertCondition() {
        return both
                ? ReferenceSql.filled("new", sql.old()) + " or " + ReferenceSql.filled("new", sql.fresh())
                : ReferenceSql.filled("new", sql.fresh());
    }

    private String updateCondition() {
        return both
                ? ReferenceSql.changed(sql.old()) + " or " + ReferenceSql.changed(sql.fresh())
                : ReferenceSql.changed(sql.fresh());
    }

    /** What the function does, exactly as the catalogue keeps it. */
    String body() {
        StringBuilder body = new StringBuilder("\ndeclare\n  was_old boolean;\n  was_new boolean;\nbegin\n");
        if (both) {
            body.append("  if current_setting(%s, true) = %s then\n    return new;\n  end if;\n"
                    .formatted(Sql.text(BYPASS), Sql.text(sql.table().name())));
        }
        for (Group group : sql.groups()) {
            body.append(part(group));
        }
        return body.append("  return new;\nend ").toString();
    }

    private String part(Group group) {
        String first =
                """
                  if tg_op = 'INSERT' then
                    was_old := %s;
                    was_new := %s;
                  else
                    was_old := %s;
                    was_new := %s;
                  end if;
                """
                        .formatted(
                                ReferenceSql.filled("new", group.old()),
                                ReferenceSql.filled("new", group.fresh()),
                                ReferenceSql.changed(group.old()),
                                ReferenceSql.changed(group.fresh()));
        String fresh = "new." + group.fresh().get(0);
        StringBuilder part = new StringBuilder(first).append("  if was_new then\n");
        if (both) {
            part.append("    if was_old and not (")
                    .append(agrees(group))
                    .append(") then\n      perform nextval(")
                    .append(Sql.text(conflicts()))
                    .append(");\n    end if;\n");
        }
        if (sql.looksUp() && !sql.lookup().mirrorsCascade()) {
            part.append(
                            "    if tg_op = 'UPDATE' and %s is null and not was_old and not exists (select from %s s where s.%s = old.%s) then\n"
                                    .formatted(
                                            fresh,
                                            sql.lookupTable(),
                                            Sql.name(sql.lookup().id()),
                                            group.fresh().get(0)))
                    .append("      return new;\n    end if;\n");
        }
        for (int i = 0; i < group.old().size(); i++) {
            part.append("    new.%s := %s;\n".formatted(group.old().get(i), sql.backward("new", group, i)));
        }
        if (both) {
            part.append("  elsif was_old then\n    perform nextval(")
                    .append(Sql.text(oldWrites()))
                    .append(");\n    ")
                    .append(fresh)
                    .append(" := ")
                    .append(forward(group))
                    .append(";\n");
        }
        return part.append("  end if;\n").toString();
    }

    private String agrees(Group group) {
        List<String> same = new ArrayList<>();
        for (int i = 0; i < group.old().size(); i++) {
            same.add("new." + group.old().get(i) + " is not distinct from " + sql.backward("new", group, i));
        }
        String backwards = String.join(" and ", same);
        return sql.table().reference().kind() == Kind.MERGE
                ? "(" + backwards + ") or new." + group.fresh().get(0) + " is not distinct from "
                        + sql.forward("new", group)
                : backwards;
    }

    private String forward(Group group) {
        return sql.looksUp()
                ? "(select found.id from (" + sql.resolve("new." + group.old().get(0) + "::text", "new") + ") as found)"
                : sql.forward("new", group);
    }
}
