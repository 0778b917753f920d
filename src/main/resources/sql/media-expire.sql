-- Each state has its time. Who completes an upload has it until the lease ends. An upload is looked for once more after its time; one
-- that nobody could look for, since the store or the scanner was away, has a day. What waits for derivatives has as long as their jobs.
update mediaferry.media m set status = 'FAILED',
  failure = case m.status when 'PENDING' then 'expired' when 'UPLOADED' then 'unprocessed' else 'stuck' end,
  message = case m.status when 'PENDING' then 'the upload was not completed in time'
    else 'the processing did not end in time' end
where m.status in ('PENDING', 'UPLOADED', 'PROCESSING') and case m.status
  when 'PENDING' then coalesce((select s.expires_at < now() and (s.lease_until is null or s.lease_until < now())
      and (coalesce(s.looked_at >= s.expires_at, false) or s.expires_at < now() - interval '1 day')
    from mediaferry.upload_session s where s.media_id = m.id), m.created_at < now() - interval '24 hours')
  when 'UPLOADED' then m.status_since < now() - interval '10 minutes'
  else m.status_since < now() - interval '24 hours' end
  and (m.status = 'PENDING' or not exists (select from mediaferry.derive_job j
    where j.object_key = m.storage_key and j.bucket is not distinct from m.bucket and j.state in ('waiting', 'claimed')))
returning media_type, failure, case when failure = 'expired' then 'upload' else 'processing' end as step
