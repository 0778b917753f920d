-- What is still to be made of objects, or was given up.
select j.bucket, j.object_key, j.kind, j.part, j.state, coalesce(j.progress, 0)::double precision as progress, j.message
from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.derive_job j on j.object_key = s.object_key and j.bucket is not distinct from s.bucket
where j.state <> 'done'
order by j.object_key, j.priority, j.id
