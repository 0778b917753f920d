-- The buckets that this process leaves alone now, in place of what it said before; and nothing of processes that are no more.
with over as (
  delete from mediaferry.store_pause p
  where (p.worker = :#worker and p.bucket <> all (:#buckets::text[]))
    or not exists (select from mediaferry.worker w where w.id = p.worker)
)
insert into mediaferry.store_pause (worker, bucket, since, reason)
select :#worker::int, s.bucket, s.since::timestamptz, s.reason
from unnest(:#buckets::text[], :#since::text[], :#reasons::text[]) as s (bucket, since, reason)
on conflict (worker, bucket) do update set since = excluded.since, reason = excluded.reason
