-- What waits and what is dead, each by its own index.
select entry, 'waiting' as state, count(*) as rows, count(*) filter (where attempts = 0) as untried,
  count(*) filter (where deadline > now() and deadline < :#horizon::timestamptz) as at_risk
from mediaferry.transfer where state = 'waiting' and entry = any (:#entries::text[]) group by entry
union all
select entry, 'dead', count(*), 0, 0
from mediaferry.transfer where state = 'dead' and entry = any (:#entries::text[]) group by entry
