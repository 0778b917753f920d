-- What was delivered, then what happened, each after its time, and no more at once than a transaction should hold.
with delivered as (
  delete from mediaferry.media_delivery d using (
    select id from mediaferry.media_delivery
    where state = 'delivered' and ended_at < now() - :#deliveredSeconds::bigint * interval '1 second' limit 50000) old
  where d.id = old.id
)
delete from mediaferry.media_event e using (
  select id from mediaferry.media_event
  where created_at < now() - :#eventSeconds::bigint * interval '1 second' order by created_at limit 50000) old
where e.id = old.id
