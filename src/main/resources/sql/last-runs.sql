select r.id, r.started, r.finished, r.report,
  case when r.interrupted then 'interrupted' when r.finished is null then 'running' else 'done' end as state
from mediaferry.run r order by r.id desc limit :#most
