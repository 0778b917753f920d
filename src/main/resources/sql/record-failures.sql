-- What failed goes back into the queue or becomes a dead letter, and its attempt is written down. A fresh link takes the
-- place of the one that was requested. For what is untried nobody was asked, so there was no attempt. What an attempt left in
-- the store is written down with all that is known of it; one that left nothing does not touch what an earlier one left. The
-- answer has what does not belong to its run any more.
with failed as (
  update mediaferry.transfer t
  set state = f.state, due = now() + make_interval(secs => f.delay / 1000.0), failure = f.failure, message = f.message,
      attempts = t.attempts - case when f.untried then 1 else 0 end, asked = t.asked or f.asked,
      link = coalesce(f.fresh_link, t.link), host = coalesce(f.fresh_host, t.host),
      deadline = case when f.fresh_link is null then t.deadline else f.fresh_deadline::timestamptz end,
      object_state = coalesce(f.object_state, t.object_state), object_key = coalesce(f.object_key, t.object_key),
      sha256 = case when f.object_state is null then t.sha256 else f.sha256 end,
      bytes = case when f.object_state is null then t.bytes else f.bytes end,
      content_type = case when f.object_state is null then t.content_type else f.content_type end,
      etag = case when f.object_state is null then t.etag else f.etag end, worker = null, updated = now()
  from unnest(:#ids::bigint[], :#states::text[], :#delays::bigint[], :#failures::text[], :#messages::text[],
      :#objectStates::text[], :#objectKeys::text[], :#sha256s::text[], :#bytes::bigint[], :#contentTypes::text[],
      :#etags::text[], :#untried::boolean[], :#statuses::int[], :#answers::text[], :#millis::bigint[], :#requested::text[],
      :#asked::boolean[], :#freshLinks::text[], :#freshHosts::text[], :#freshDeadlines::text[])
    as f (id, state, delay, failure, message, object_state, object_key, sha256, bytes, content_type, etag, untried, http_status, answer, millis,
      requested, asked, fresh_link, fresh_host, fresh_deadline)
  where t.id = f.id and t.worker = :#worker and t.state = 'claimed'
  returning t.id, t.attempts, f.millis, f.failure, f.http_status, f.answer, f.message, f.requested, f.untried
), noted as (
  insert into mediaferry.attempt (transfer, number, millis, failure, http_status, answer, message, link)
  select id, attempts, millis, failure, http_status, decode(answer, 'base64'), message, requested from failed where not untried
)
select t.id from unnest(:#ids::bigint[], :#runs::bigint[]) as s (id, run) join mediaferry.transfer t on t.id = s.id
where t.id not in (select id from failed) and (t.run is distinct from s.run or t.state = 'claimed')
