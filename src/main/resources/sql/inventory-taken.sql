-- Keys that another file has: of this folder, or of one that was imported before.
with shared as materialized (
  select coalesce(bucket, '') as bucket, object_key from mediaferry.inventory
  where worker = :#worker and reason is null and object_key is not null
  group by 1, 2 having count(*) > 1
), twice as (
  update mediaferry.inventory i set reason = 'several files claim the key ' || i.object_key
  from shared s
  where i.worker = :#worker and i.reason is null and i.object_key = s.object_key and coalesce(i.bucket, '') = s.bucket
)
update mediaferry.inventory i set reason = 'the key ' || i.object_key || ' belongs to ' || t.entry || ':' || t.row_key
from mediaferry.transfer t
where i.worker = :#worker and i.reason is null and t.object_key = i.object_key and t.details is not null
  and t.bucket is not distinct from i.bucket
  and (t.entry <> i.entry or t.row_key <> i.path)
  and (t.state in ('waiting', 'claimed', 'linked', 'dead') or t.state = 'rolled_back' and t.object_state in ('present', 'foreign'))
  and not exists (
    select from shared s where s.object_key = i.object_key and s.bucket = coalesce(i.bucket, ''))
