-- Takes back what dead processes held: their advisory lock is free, or their lease has run out. And what this process
-- holds for runs that it has given up.
with dead as materialized (
  select w.id from mediaferry.worker w
  where w.id <> :#worker and (w.lease_until < now() or pg_try_advisory_xact_lock(:#space, w.id))
), taken as (
  update mediaferry.transfer t
  set state = 'waiting', due = now(), worker = null, updated = now(),
      object_state = case when t.object_state = 'none' then 'unknown' else t.object_state end
  where t.state = 'claimed'
    and t.worker in (select id from dead union all select :#worker::int)
    and (t.worker <> :#worker or t.run <> all (:#runs::bigint[]))
  returning 1
), ended as (
  update mediaferry.run set finished = now(), interrupted = true
  where finished is null and worker in (select id from dead)
), forgotten as (
  delete from mediaferry.worker where id in (select id from dead)
)
select count(*) as taken from taken
