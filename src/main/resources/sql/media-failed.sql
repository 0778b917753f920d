update mediaferry.media set status = 'FAILED', failure = :#failure, message = :#message::text
where id = :#id::uuid and status in ('PENDING', 'UPLOADED', 'PROCESSING')
returning media_type, failure, case when etag is null then 'upload' else 'processing' end as step
