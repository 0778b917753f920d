-- Objects that no pointer will ever lead to, marked before they are deleted: whoever is about to store the same shared
-- object sees the mark, or is seen by the check that follows it.
update mediaferry.transfer t
set object_state = case when t.object_state = 'unknown' and not t.shared then 'unknown' else 'removing' end, updated = now()
where t.id in (
  select l.id from mediaferry.transfer l
  where l.state in ('superseded', 'discarded') and l.object_state in ('unknown', 'present', 'removing')
  order by l.id limit 10000 for update skip locked
)
returning t.id, t.object_key, t.bucket, t.object_state, t.etag, t.sha256, t.shared,
  -- What an orphan shares has been looked at.
  t.shared and t.entry <> '(orphan)' as guarded
