-- Marked before it is looked who else needs them: whoever is about to store the same shared object sees the mark, or is
-- seen by the look.
update mediaferry.transfer t set object_state = 'removing', worker = :#worker
where t.id in (
  select id from mediaferry.transfer
  where entry = :#entry and state = 'rolled_back' and object_state in ('present', 'removing') and id < :#before
  and (:#run::bigint = 0 or run = :#run::bigint) and updated >= :#since::timestamptz
  and (:#rowKey::text = '' or row_key = :#rowKey::text)
  order by id desc limit :#most for update skip locked)
returning t.id, t.object_key, t.bucket, t.shared, t.etag, t.sha256
