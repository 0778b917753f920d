-- What failed goes back into the queue or becomes a dead letter, and its attempt is written down. Without one there was none:
-- nobody was asked for what is untried.
with failed as (
  update mediaferry.transfer t
  set state = f.state, due = now() + make_interval(secs => f.delay / 1000.0), failure = f.failure, message = f.message,
      attempts = t.attempts - case when f.untried then 1 else 0 end,
      object_state = case when f.object_unknown then 'unknown' else t.object_state end, worker = null, updated = now()
  from unnest(:#ids::bigint[], :#states::text[], :#delays::bigint[], :#failures::text[], :#messages::text[],
      :#objectUnknown::boolean[], :#untried::boolean[], :#statuses::int[], :#millis::bigint[])
    as f (id, state, delay, failure, message, object_unknown, untried, http_status, millis)
  where t.id = f.id and t.worker = :#worker and t.state = 'claimed'
  returning t.id, t.attempts, f.millis, f.failure, f.http_status, f.message, t.link, f.untried
)
insert into mediaferry.attempt (transfer, number, millis, failure, http_status, message, link)
select id, attempts, millis, failure, http_status, message, link from failed where not untried
