-- What is known of the hosts. What nobody has confirmed for a week is forgotten.
with forgotten as (
  delete from mediaferry.host_pace where updated < now() - interval '7 days' and retry_not_before < now()
)
select host, rate_limit, width, clean, hold, strikes,
  greatest(0, extract(epoch from retry_not_before - now()))::double precision as closed_seconds
from mediaferry.host_pace where updated >= now() - interval '7 days' or retry_not_before >= now()
