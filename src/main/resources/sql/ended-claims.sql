-- Which of the transfers that a run believes under way are so no more, and how they ended: another process may have carried
-- them, or have taken them over.
select t.id, t.run, t.state, t.host, (greatest(extract(epoch from t.due - now()), 0) * 1000)::bigint as wait_millis, t.failure
from mediaferry.transfer t
where t.id = any (:#ids::bigint[]) and (t.state <> 'claimed' or t.run is distinct from :#run::bigint)
