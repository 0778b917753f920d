-- Files of this plan that another run has in hand, or will: they wait for it, or were taken by one that is under way as well.
select t.entry, count(*) as rows
from mediaferry.transfer t, mediaferry.run r
where r.id = :#run::bigint and t.entry = any (:#entries::text[]) and t.run is distinct from r.id
  and (t.state in ('waiting', 'claimed')
    or t.state <> 'superseded' and t.updated >= r.started and t.run in (
      select o.id from mediaferry.run o where o.kind = 'import' and (o.finished is null or o.finished >= r.started)))
group by 1
