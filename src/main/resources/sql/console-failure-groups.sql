select failure, host, entry, count(*) as letters, min(updated) as first, max(updated) as last
from mediaferry.transfer where state = 'dead'
group by failure, host, entry order by letters desc, failure, host, entry
