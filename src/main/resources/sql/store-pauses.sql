-- The buckets that living processes leave alone, as far as they have said.
select p.bucket, p.since, p.reason, w.host, w.pid
from mediaferry.store_pause p join mediaferry.worker w on w.id = p.worker
where w.lease_until > now()
order by p.since, p.bucket
