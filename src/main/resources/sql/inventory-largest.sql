select coalesce(sum(bytes), 0)::bigint as bytes
from (
  select bytes from mediaferry.inventory
  where worker = :#worker and reason is null and entry = any (:#entries) and type like :#type and bytes > :#from
  order by bytes desc limit :#most
) as largest
