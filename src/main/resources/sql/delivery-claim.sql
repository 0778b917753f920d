-- Of each medium the first delivery that is open, when it is due: a later one waits until it is delivered or given up.
with chosen as materialized (
  select d.id from mediaferry.media_delivery d
  where d.target = any (:#targets::text[]) and d.state = 'open' and d.due <= now()
    and (d.lease_until is null or d.lease_until < now())
    and not exists (select from mediaferry.media_delivery e
      where e.target = d.target and e.media_id = d.media_id and e.state = 'open' and e.event_id < d.event_id)
  order by d.due, d.id limit :#most::integer for update of d skip locked
), claimed as (
  update mediaferry.media_delivery d
  set lease_until = now() + :#seconds::integer * interval '1 second', attempts = d.attempts + 1
  from chosen c where d.id = c.id returning d.*
)
select c.id, c.target, c.event_id, c.media_id, c.attempts, e.kind, e.user_id, e.data, e.created_at
from claimed c join mediaferry.media_event e on e.id = c.event_id
order by c.event_id
