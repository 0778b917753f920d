-- With their indexes.
select (select count(*) from mediaferry.media_event) as events,
  pg_total_relation_size('mediaferry.media_event'::regclass) as bytes,
  count(*) filter (where state = 'open') as waiting,
  count(*) filter (where state = 'delivered') as delivered,
  count(*) filter (where state = 'dead') as dead,
  min(created_at) filter (where state = 'open') as waiting_since,
  pg_total_relation_size('mediaferry.media_delivery'::regclass) as delivery_bytes
from mediaferry.media_delivery
