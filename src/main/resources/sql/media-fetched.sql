-- At most one write a day for each; who changes a medium right now is not waited for.
update mediaferry.media m set last_fetched = now()
where m.id in (select f.id from mediaferry.media f
  where f.id = any (:#ids::uuid[]) and (f.last_fetched is null or f.last_fetched < now() - interval '1 day')
  order by f.id for no key update skip locked)
