-- The nearest of each host are found by jumps in the index of the queue; no index of its own has to be kept for that.
with recursive hosts as (
  (select entry, host from mediaferry.transfer where state = 'waiting' order by entry, host limit 1)
  union all
  select n.entry, n.host from hosts h cross join lateral (
    select entry, host from mediaferry.transfer t
    where t.state = 'waiting' and (t.entry, t.host) > (h.entry, h.host) order by t.entry, t.host limit 1) n
)
select n.id, n.entry, n.row_key, n.host, n.deadline
from (select * from hosts limit 2000) h cross join lateral (
  select id, entry, row_key, host, deadline from mediaferry.transfer t
  where t.state = 'waiting' and t.entry = h.entry and t.host = h.host and t.deadline > now()
  order by t.deadline, t.id limit :#most) n
order by n.deadline, n.id limit :#most
