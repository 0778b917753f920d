-- A shared object is gone for all that were rolled back.
update mediaferry.transfer t
set object_state = case when t.id = any (:#kept::bigint[]) then 'present' else 'removed' end, worker = null
where t.state = 'rolled_back' and (t.id = any (:#ids::bigint[]) or (t.shared and exists (
  select from unnest(:#removed::text[], :#removedFrom::text[]) as r (object_key, bucket)
  where r.object_key = t.object_key and r.bucket is not distinct from t.bucket)))
