-- What a worker still holds when it stops, or goes on under another id: others may have it at once. Whoever claims it next counts it.
with jobs as (
  update mediaferry.derive_job j
  set state = 'waiting', due = now(), worker = null, attempts = greatest(j.attempts - 1, 0), progress = null, updated = now()
  where j.worker = :#worker and j.state = 'claimed'
)
update mediaferry.transfer t
set state = 'waiting', due = now(), worker = null, run = null, updated = now(),
    object_state = case when t.object_state = 'none' then 'unknown' else t.object_state end
where t.worker = :#worker and t.state = 'claimed'
