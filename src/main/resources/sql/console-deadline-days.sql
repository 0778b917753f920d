select date_trunc('day', deadline at time zone 'UTC') at time zone 'UTC' as day, count(*) as links
from mediaferry.transfer
where state = 'waiting' and deadline > now() and deadline < now() + interval '60 days'
group by 1 order by 1
