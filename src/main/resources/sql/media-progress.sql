-- How far what media wait for is, from 0 to 1.
select m.id, avg(case j.state when 'done' then 1 when 'claimed' then coalesce(j.progress, 0) else 0 end)::double precision as share
from mediaferry.media m
join mediaferry.derive_job j on j.object_key = m.storage_key and j.bucket is not distinct from m.bucket and j.required
where m.id = any(:#ids::uuid[]) and m.status = 'PROCESSING'
group by m.id
