update mediaferry.media m set status = 'READY' where m.id = :#id::uuid and m.status in ('UPLOADED', 'PROCESSING')
  and not exists (select from mediaferry.derive_job j
    where j.object_key = m.storage_key and j.bucket is not distinct from m.bucket and j.required and j.state <> 'done')
