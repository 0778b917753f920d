-- With their indexes.
with size as (
  select c.relname as name, pg_total_relation_size(c.oid) as bytes from pg_class c
  where c.relname in ('media_event', 'media_delivery')
    and c.relnamespace = (select l.relnamespace from pg_class l
      where l.oid = (select tableoid from mediaferry.schema_history limit 1))
)
select (select count(*) from mediaferry.media_event) as events,
  (select bytes from size where name = 'media_event') as bytes,
  count(*) filter (where state = 'open') as waiting,
  count(*) filter (where state = 'delivered') as delivered,
  count(*) filter (where state = 'dead') as dead,
  min(created_at) filter (where state = 'open') as waiting_since,
  (select bytes from size where name = 'media_delivery') as delivery_bytes
from mediaferry.media_delivery
