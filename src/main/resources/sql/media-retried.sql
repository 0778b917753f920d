-- Only what was verified once has an ETag. What waits for nothing, and lacks what was given up, would be heard of no more.
update mediaferry.media m set status = 'UPLOADED', failure = null, message = null
where m.id = :#id::uuid and m.status = 'FAILED' and m.etag is not null
  and (exists (select from mediaferry.derive_job j where j.object_key = m.storage_key and j.bucket is not distinct from m.bucket
      and j.required and j.state in ('waiting', 'claimed'))
    or not exists (select from mediaferry.derive_job j where j.object_key = m.storage_key and j.bucket is not distinct from m.bucket
      and j.required and j.state = 'dead'))
