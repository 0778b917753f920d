update mediaferry.transfer t
set state = f.state, due = now() + make_interval(secs => f.delay / 1000.0), failure = f.failure, message = f.message,
    attempts = t.attempts - case when f.untried then 1 else 0 end,
    object_state = case when f.object_unknown then 'unknown' else t.object_state end, worker = null, updated = now()
from unnest(:#ids::bigint[], :#states::text[], :#delays::bigint[], :#failures::text[], :#messages::text[], :#objectUnknown::boolean[],
    :#untried::boolean[])
  as f (id, state, delay, failure, message, object_unknown, untried)
where t.id = f.id and t.worker = :#worker and t.state = 'claimed'
