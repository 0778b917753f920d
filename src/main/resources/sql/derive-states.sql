select j.kind, j.state, count(*) as jobs, to_char(min(j.due) filter (where j.state = 'waiting') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as oldest
from mediaferry.derive_job j group by j.kind, j.state order by j.kind, j.state
