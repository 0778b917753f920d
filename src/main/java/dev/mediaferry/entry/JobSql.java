package dev.mediaferry.entry;

import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.registry.Derivation;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a relink that ask for what is made of its objects, in the same transaction. Where nothing is, they are empty.
 *
 * @param entry name of the entry
 * @param media whose media its rows become; empty when they become none
 */
record JobSql(String entry, Optional<AsMedia> media, Optional<Derivation> derivation) {

    private static final String DERIVED = "%1$s like '%2$s%%' and %1$s <> 'image/svg+xml'";

    private List<Derivation.Group> groups() {
        return derivation.map(Derivation::groups).orElse(List.of());
    }

    /** SQL of the state that the medium of a row {@code s} begins in: one that has to wait for its derivatives is not READY. */
    String status() {
        List<String> waiting = groups().stream()
                .filter(Derivation.Group::required)
                .map(group -> DERIVED.formatted("s.content_type", group.content()))
                .distinct()
                .toList();
        return waiting.isEmpty()
                ? "'READY'"
                : "case when " + String.join(" or ", waiting) + " then 'UPLOADED' else 'READY' end";
    }

    /**
     * Asks for the derivatives of objects. What was asked for already is looked at again: another medium may lead to the object.
     *
     * @param from the rows {@code s}
     */
    String insert(String from) {
        List<String> rows = groups().stream()
                .map(group -> "(%s, %s, %s, %d, %s)"
                        .formatted(
                                QueueSql.literal(group.content()),
                                QueueSql.literal(group.kind().label()),
                                QueueSql.literal(group.part()),
                                group.priority(),
                                group.required()))
                .toList();
        return rows.isEmpty()
                ? ""
                : """
                , jobs as (
                  insert into mediaferry.derive_job as j (entry, media_type, media_id, bucket, object_key, content_type,
                    kind, part, priority, required)
                  select distinct on (s.object_key, t.bucket, g.kind, g.part) %s, %s, %s, t.bucket, s.object_key,
                    s.content_type, g.kind, g.part, g.priority, g.required
                  from %s s join mediaferry.transfer t on t.id = s.id
                  join (values %s) as g (content, kind, part, priority, required)
                    on starts_with(s.content_type, g.content) and s.content_type <> 'image/svg+xml'
                  order by s.object_key, t.bucket, g.kind, g.part
                  on conflict (object_key, (coalesce(bucket, '')), kind, part) do update
                    set state = 'waiting', attempts = 0, due = now(), failure = null, message = null, updated = now()
                    where j.state in ('done', 'dead')
                )"""
                        .formatted(
                                QueueSql.literal(entry),
                                media.map(says -> QueueSql.literal(says.type())).orElse("null"),
                                media.isPresent() ? "s.medium" : "null::uuid",
                                from,
                                String.join(", ", rows));
    }
}
