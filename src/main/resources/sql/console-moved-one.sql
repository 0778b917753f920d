select id, entry, row_key, source, target, content_type, bytes, bucket, object_key from mediaferry.transfer
where id = :#id and state = 'linked'
