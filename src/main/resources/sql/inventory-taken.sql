-- Keys that another file has: of this folder, or of one that was imported before.
with twice as (
  update mediaferry.inventory i set reason = 'several files claim the key ' || i.object_key
  where i.worker = :#worker and i.reason is null and i.object_key in (
    select object_key from mediaferry.inventory where worker = :#worker and reason is null
    group by object_key having count(*) > 1)
)
update mediaferry.inventory i set reason = 'the key ' || i.object_key || ' belongs to ' || t.entry || ':' || t.row_key
from mediaferry.transfer t
where i.worker = :#worker and i.reason is null and t.object_key = i.object_key and t.details is not null
  and (t.entry <> i.entry or t.row_key <> i.path)
  and (t.state in ('waiting', 'claimed', 'linked', 'dead') or t.state = 'rolled_back' and t.object_state = 'present')
  and i.object_key not in (
    select object_key from mediaferry.inventory where worker = :#worker and reason is null
    group by object_key having count(*) > 1)
