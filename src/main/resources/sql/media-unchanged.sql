select count(*) from mediaferry.media
where id = :id::uuid and status in ('UPLOADED', 'PROCESSING', 'READY') and storage_key = :key and bucket is not distinct from :bucket::text
  and sha256 is not distinct from :sha256::text and etag is not distinct from :etag::text
