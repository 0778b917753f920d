-- Whoever else leads to an object, or may take it over.
select distinct s.object_key, s.bucket from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.transfer o on o.object_key = s.object_key and o.bucket is not distinct from s.bucket
where o.state in ('claimed', 'linked') or (o.state in ('waiting', 'dead') and o.object_state in ('present', 'unknown'))
