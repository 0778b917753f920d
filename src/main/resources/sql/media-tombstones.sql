select id, bucket, storage_key, etag, sha256 from mediaferry.media_deleted
where settled_at is null and incoming_key is null order by id limit 1000
