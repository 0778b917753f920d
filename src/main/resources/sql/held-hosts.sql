-- The hosts that are slowed down or shut out, as the processes have last said.
select host, rate, concurrency, strikes, updated,
  case when retry_not_before > now() then retry_not_before end as shut_out_until
from mediaferry.host_pace
where updated >= now() - interval '7 days' or retry_not_before > now()
order by host
