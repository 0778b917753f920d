select id, user_id, media_type, storage_key, bucket, etag, storage_class, 'restore' as action from mediaferry.media where id = :#id::uuid
