-- Takes back what no process holds: its worker's row is gone, or this process, whose it is, does not work on it. That cost an attempt; what has cost as many as there are is given up,
-- since it may be what kills its process.
with lost as materialized (
  select j.id, j.attempts >= :#most as over from mediaferry.derive_job j
  where j.state = 'claimed' and (not exists (select from mediaferry.worker w where w.id = j.worker)
    or j.worker = :#worker and j.id <> all (:#inHand::bigint[]) and j.updated < now() - interval '1 minute')
  for update skip locked
), tried as (
  insert into mediaferry.derive_attempt (job, number, failure, message)
  select j.id, j.attempts, 'process-died', 'the process that worked on it died' from mediaferry.derive_job j join lost on lost.id = j.id
)
update mediaferry.derive_job j
set state = case when lost.over then 'dead' else 'waiting' end, worker = null, due = now(), progress = null, updated = now(),
  failure = 'process-died', message = 'the process that worked on it died'
from lost where j.id = lost.id
