select id, kind, started, finished, progress, worker,
  case when interrupted then 'interrupted' when finished is null then 'running' else 'done' end as state,
  options, report
from mediaferry.run where id = :#id
