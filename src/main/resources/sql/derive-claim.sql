-- One job, the most urgent that is due; a medium that waits for it is in PROCESSING from then on, unless somebody has it locked. A
-- worker without a row claims nothing.
with me as materialized (
  select w.id from mediaferry.worker w where w.id = :#worker for key share
), due as materialized (
  select j.id from mediaferry.derive_job j
  where j.state = 'waiting' and j.due <= now() and j.kind = any (:#kinds::text[]) and exists (select from me)
  order by j.priority, j.due, j.id limit 1
  for update skip locked
), claimed as (
  update mediaferry.derive_job j
  set state = 'claimed', worker = :#worker, attempts = j.attempts + 1, progress = null, updated = now()
  from due where j.id = due.id
  returning j.*
), processing as (
  update mediaferry.media set status = 'PROCESSING'
  where id in (
    select m.id from claimed c
    join mediaferry.media m on m.storage_key = c.object_key and m.bucket is not distinct from c.bucket and m.status = 'UPLOADED'
    order by m.id for no key update of m skip locked)
)
select id, entry, media_type, media_id, bucket, object_key, content_type, kind, part, again, attempts, worker, updated as claimed
from claimed
