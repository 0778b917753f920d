-- The hosts in the queue of an entry, jumping from one to the next instead of reading all its rows.
with recursive hosts as (
  (select host from mediaferry.transfer where entry = :#entry and state = 'waiting' order by host limit 1)
  union all
  select (
    select t.host from mediaferry.transfer t
    where t.entry = :#entry and t.state = 'waiting' and t.host > h.host order by t.host limit 1)
  from hosts h where h.host is not null
)
select host from hosts where host is not null
