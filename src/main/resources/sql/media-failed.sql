update mediaferry.media set status = 'FAILED', failure = :#failure, message = :#message::text
where id = :#id::uuid and status in ('PENDING', 'UPLOADED', 'PROCESSING')
