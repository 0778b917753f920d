-- Rows that were moved again by force: the new transfer takes over the old value that an undo puts back, and the object of the
-- former becomes one that no pointer leads to.
with done as materialized (
  select n.id, o.id as former, o.source, coalesce(o.link, n.link) as link, o.pruned
  from mediaferry.transfer n join mediaferry.transfer o on o.id = n.replaces
  where n.replaces is not null and n.state = 'linked' and o.state = 'linked'
  order by n.id limit 10000 for update skip locked
), retired as (
  update mediaferry.transfer o set state = 'superseded', updated = now() from done d where o.id = d.former
)
update mediaferry.transfer n set source = d.source, link = d.link, pruned = d.pruned, replaces = null
from done d where n.id = d.id
