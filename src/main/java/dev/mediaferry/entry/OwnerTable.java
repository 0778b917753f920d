package dev.mediaferry.entry;

import dev.mediaferry.registry.UploadType.Attach;

/** A table of the application whose rows have media, as the database has it. */
public final class OwnerTable {

    private final Attach attach;
    private final String table;
    private final IdType id;

    OwnerTable(Attach attach, String schema, IdType id) {
        this.attach = attach;
        this.table = QueueSql.quote(schema) + "." + QueueSql.quote(attach.table());
        this.id = id;
    }

    /** What attachments call it. */
    public String ownerType() {
        return attach.ownerType();
    }

    /** SQL: the media that rows have which are gone; none while row security may hide rows. Takes {@code ownerType}. */
    public String goneSql() {
        return """
                select a.media_id as id, m.user_id, m.media_type, a.owner_id
                from mediaferry.media_attachment a join mediaferry.media m on m.id = a.media_id
                where a.owner_type = :#ownerType and not row_security_active('%s'::regclass)
                  and not exists (select from %s x where x.%s = %s)
                order by a.media_id limit 10000"""
                .formatted(table.replace("'", "''"), table, QueueSql.quote(attach.id()), id.value("a.owner_id"));
    }

    /** SQL: whether a row is there and a user's. Takes {@code ownerId} and {@code userId}. */
    public String ownedSql() {
        return "select exists (select from %s x where x.%s = %s and x.%s::text = :#userId::text)"
                .formatted(
                        table,
                        QueueSql.quote(attach.id()),
                        id.value("(:#ownerId::text)"),
                        QueueSql.quote(attach.user()));
    }
}
