-- Claimed transfers whose object others may have a part in. Asked after the claim: who comes later sees the claim.
select t.id from unnest(:#ids::bigint[]) as c (id) join mediaferry.transfer t on t.id = c.id
where exists (
  select from mediaferry.transfer o
  where o.shared and o.object_key = t.object_key and o.bucket is not distinct from t.bucket and o.id <> t.id
    and o.object_state <> 'removed')
