package dev.mediaferry.entry;

import dev.mediaferry.registry.AsMedia;
import java.util.Optional;

/**
 * What statements say of the media that rows become: parts of the one that swaps a pointer or inserts a record, where the entry
 * asks for it, and of the one that undoes that, always, since the registry may have changed meanwhile.
 */
final class MediaSql {

    /** What is kept of the media {@code held}, and why; looked at after they are locked. */
    static final String JUDGED =
            """
            held as materialized (
              select m.id, m.unattached_since from batch b join mediaferry.media m on m.id = b.medium
              order by m.id for update of m skip locked
            ), judged as materialized (
              select h.id, case when h.unattached_since is null then 'it is attached'
                else 'table ' || mediaferry.media_referenced(h.id) || ' refers to it' end as kept
              from held h
            )""";

    /** Condition on a transfer {@code t} of the batch: nobody else has its medium locked. */
    static final String UNLOCKED = "(t.medium is null or t.medium in (select h.id from held h)"
            + " or not exists (select from mediaferry.media m where m.id = t.medium))";

    /** Deletes the media of what is {@code restored}. */
    static final String DROPPED =
            """
            dropped as (
              delete from mediaferry.media m using judged j
              where m.id = j.id and j.kept is null and j.id in (select r.medium from restored r)
            )""";

    /** The answer for what is restored, with why its medium stays; null where there is none any more. */
    static final String RESTORED =
            "select r.id, 'restored' as outcome, j.kept from restored r left join judged j on j.id = r.medium";

    /** Why the medium of a transfer {@code t} would be kept, with nothing locked. */
    static final String KEPT = "(select case when m.unattached_since is null then 'it is attached'"
            + " else 'table ' || mediaferry.media_referenced(m.id) || ' refers to it' end"
            + " from mediaferry.media m where m.id = t.medium)";

    private final Optional<AsMedia> media;
    private final JobSql jobs;

    /** @param jobs what is made of the objects */
    MediaSql(Optional<AsMedia> media, JobSql jobs) {
        this.media = media;
        this.jobs = jobs;
    }

    /**
     * Ends the list of what the batch reads: a new id, or that of the medium that the row, or the transfer in whose place this
     * one comes, has already.
     */
    String batch() {
        return when(
                """
                , t.bucket, s.cdn_url, s.width, s.height, coalesce(
                  (select m.id from mediaferry.media m where m.id = t.medium),
                  (select m.id from mediaferry.transfer f join mediaferry.media m on m.id = f.medium where f.id = t.replaces),
                  mediaferry.media_id()) as medium""");
    }

    String arrays() {
        return when(", :#cdnUrls::text[], :#widths::int[], :#heights::int[]");
    }

    String names() {
        return when(", cdn_url, width, height");
    }

    /** Ends the list of what a locked row {@code x} carries along. */
    String user() {
        return when(", btrim(x." + column() + "::text) as media_user");
    }

    /** Condition on a row {@code x}, with the {@code and} before it. */
    String hasUser() {
        return when(" and btrim(x." + column() + "::text) <> ''");
    }

    /** Ends the list of what a swapped row {@code t} carries along. */
    String carried() {
        return when(", t.source, t.bucket, t.cdn_url, t.width, t.height, t.medium, t.media_user");
    }

    /** Ends the list of what a linked transfer gets. */
    String mark(String from) {
        return when(", medium = " + from + ".medium");
    }

    /**
     * Inserts the media, or has those that were there lead to the new objects; and asks for what is made of these.
     *
     * @param from the rows {@code s}
     * @param user SQL of whose medium it is
     * @param original SQL of the link that it had, or null
     * @param name SQL of the name of its file, or null
     */
    String insert(String from, String user, String original, String name) {
        return media.map(says ->
                                """
                        , media as (
                          insert into mediaferry.media (id, user_id, media_type, storage_key, bucket, cdn_url, original_url, file_name,
                            file_size, mime_type, sha256, etag, width, height, status, origin)
                          select s.medium, %s, %s, s.object_key, s.bucket, s.cdn_url, %s, %s,
                            s.bytes, s.content_type, s.sha256, s.etag, s.width, s.height, %s, 'entry'
                          from %s s
                          on conflict (id) do update set storage_key = excluded.storage_key, bucket = excluded.bucket,
                            cdn_url = excluded.cdn_url, file_size = excluded.file_size, mime_type = excluded.mime_type,
                            sha256 = excluded.sha256, etag = excluded.etag, width = excluded.width, height = excluded.height,
                            storage_class = null, restore_asked = null
                        )"""
                                        .formatted(
                                                user,
                                                QueueSql.literal(says.type()),
                                                original,
                                                name,
                                                jobs.status(),
                                                from))
                        .orElse("")
                + jobs.insert(from);
    }

    /** The answer for rows of a batch {@code t} that have no user. */
    String userless(String table, String id, String idType, String unchanged) {
        return when(
                """
                union all
                select t.id, 'userless' from batch t join %s x on x.%s = t.row_key::%s and %s
                where coalesce(btrim(x.%s::text), '') = ''
                """
                        .formatted(table, id, idType, unchanged, column()));
    }

    /** Condition on a named file {@code n} whose record is inserted: its user is there, else the statement fails. */
    String recordHasUser() {
        return media.map(says -> " and (btrim(" + recordUser("n") + ") <> '' or mediaferry.refuse("
                        + QueueSql.literal(says.userMissing()) + "))")
                .orElse("");
    }

    /** SQL of the user of a named file's record. */
    String recordUser(String named) {
        return media.map(says -> "((select map from records) -> %s.record_id::text ->> %s)"
                        .formatted(named, QueueSql.literal(says.user())))
                .orElse("null");
    }

    private String column() {
        return media.map(says -> QueueSql.quote(says.user())).orElse("");
    }

    private String when(String sql) {
        return media.isPresent() ? sql : "";
    }
}
