-- Hosts of links that wait, each found by a jump in the index, with how many there are up to a bound.
with recursive entries as (
  select unnest(:#entries::text[]) as entry
), hosts as (
  select e.entry, (select min(host) from mediaferry.transfer t where t.state = 'waiting' and t.entry = e.entry) as host from entries e
  union all
  select h.entry, (select min(host) from mediaferry.transfer t where t.state = 'waiting' and t.entry = h.entry and t.host > h.host)
  from hosts h where h.host is not null
)
select host, sum((select count(*) from (select 1 from mediaferry.transfer t
    where t.state = 'waiting' and t.entry = hosts.entry and t.host = hosts.host limit :#most) as part))::bigint as links
from hosts where host is not null group by host order by host limit 500
