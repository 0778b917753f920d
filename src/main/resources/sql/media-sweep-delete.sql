-- What was found is looked at again once it is locked: what somebody has attached, or is about to refer to, stays.
with chosen as materialized (
  select m.id from mediaferry.media m
  where m.id = any (:#ids::uuid[]) and m.unattached_since is not null and m.status in ('UPLOADED', 'READY', 'FAILED')
  order by m.id for update skip locked
)
delete from mediaferry.media m using chosen c where m.id = c.id and mediaferry.media_referenced(c.id) is null
