select t.state, t.failure, t.due > now() as later, count(*) as rows,
  count(*) filter (where t.deadline > now() and t.deadline < :#horizon::timestamptz) as at_risk
from unnest(:#rowKeys::text[], :#sources::text[]) as p (row_key, source)
join mediaferry.transfer t
  on t.entry = :#entry and t.row_key = p.row_key and md5(t.source) = md5(p.source) and t.source = p.source
  and t.state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded')
-- What this run has claimed before it was read, since another process had planned it, counts as claimed.
where t.run is distinct from :#run
group by 1, 2, 3
