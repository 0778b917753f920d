-- A transfer that another process has claimed and sent here by its number. Whether others have a part in its object was asked
-- there; here it counts as if they had.
select t.id, t.run, t.worker, t.entry, t.row_key, t.source, coalesce(t.link, t.source) as url, t.host, t.deadline, t.object_key, t.bucket,
  t.object_state, t.attempts as attempt, t.asked, now() as claimed, null::text as repair, true as contended
from mediaferry.transfer t where t.id = :#id::bigint and t.state = 'claimed'
