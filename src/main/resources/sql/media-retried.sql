-- Only what was verified once has an ETag.
update mediaferry.media set status = 'UPLOADED', failure = null, message = null
where id = :#id::uuid and status = 'FAILED' and etag is not null
