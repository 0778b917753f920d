-- Which objects a medium, a derivative or another transfer leads to, or a transfer may take over.
select distinct s.object_key, s.bucket from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.transfer o on o.object_key = s.object_key and o.bucket is not distinct from s.bucket
where o.state in ('claimed', 'linked') or (o.state in ('waiting', 'dead') and o.object_state in ('present', 'unknown'))
  -- What is to be rolled back is no reason to keep it for the rollback itself.
  or (:#sweeping::boolean and o.state = 'rolled_back' and o.object_state in ('present', 'unknown'))
union
select s.object_key, s.bucket from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.media m on m.storage_key = s.object_key and m.bucket is not distinct from s.bucket
union
select s.object_key, s.bucket from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.media_derivative d on d.storage_key = s.object_key and d.bucket is not distinct from s.bucket
union
select s.object_key, s.bucket from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.media_derivative_part p on p.storage_key = s.object_key
join mediaferry.media_derivative d on d.id = p.derivative and d.bucket is not distinct from s.bucket
