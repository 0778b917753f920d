select entry, state, failure, count(*) as rows, coalesce(sum(bytes) filter (where state = 'linked'), 0)::bigint as bytes
from mediaferry.transfer where run = :#run group by 1, 2, 3
