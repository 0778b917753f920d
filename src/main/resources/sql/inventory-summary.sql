select entry, reason, count(*) as files, coalesce(sum(bytes), 0)::bigint as bytes
from mediaferry.inventory where worker = :#worker group by 1, 2 order by 1, 2
