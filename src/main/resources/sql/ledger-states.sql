select case when pruned is null then state else state || ', pruned' end as state, count(*) as rows,
  sum(pg_column_size(t))::bigint as bytes
from mediaferry.transfer t group by 1 order by 1
