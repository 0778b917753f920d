select j.kind, j.state, count(*) as jobs, min(j.due) filter (where j.state = 'waiting') as oldest
from mediaferry.derive_job j group by j.kind, j.state order by j.kind, j.state
