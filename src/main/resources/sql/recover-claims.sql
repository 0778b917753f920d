-- Takes back what no process holds: its worker's row is gone, deleted just now or long ago. And what this process holds for runs
-- that it has given up. The next that claims it counts it.
with taken as (
  update mediaferry.transfer t
  set state = 'waiting', due = now(), worker = null, run = null, updated = now(),
      object_state = case when t.object_state = 'none' then 'unknown' else t.object_state end
  where t.state = 'claimed'
    and (not exists (select from mediaferry.worker w where w.id = t.worker)
      or t.worker = :#worker and t.run <> all (:#runs::bigint[]))
  returning 1
), ended as (
  update mediaferry.run r set finished = now(), interrupted = true
  where r.finished is null and not exists (select from mediaferry.worker w where w.id = r.worker)
)
select count(*) as taken from taken
