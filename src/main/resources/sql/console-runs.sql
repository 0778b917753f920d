-- The newest runs before one, with what a list shows of their reports.
select id, kind, started, finished, progress, worker,
  case when interrupted then 'interrupted' when finished is null then 'running' else 'done' end as state,
  (report ->> 'found')::bigint as found, (report ->> 'migrated')::bigint as moved,
  (report ->> 'waiting')::bigint as waiting, (report ->> 'superseded')::bigint as superseded,
  (select sum(value::bigint) from jsonb_each_text(report -> 'dead'))::bigint as dead,
  (report ->> 'bytes')::bigint as bytes, (report ->> 'seconds')::double precision as seconds
from mediaferry.run where id < :#before order by id desc limit :#most
