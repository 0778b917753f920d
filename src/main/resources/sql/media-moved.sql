-- The copy may have another ETag than before: of the medium, of a row that leads to the same object, or of a medium that was deleted
-- meanwhile.
with medium as (
  update mediaferry.media set etag = :#etag, storage_class = :#storageClass::text,
    restore_asked = case when :#storageClass::text is null then now() end
  where id = :#id::uuid and etag = :#before returning storage_key, bucket
), transfers as (
  update mediaferry.transfer t set etag = :#etag from medium m
  where t.object_key = m.storage_key and t.bucket is not distinct from m.bucket and t.etag = :#before
)
update mediaferry.media_deleted set etag = :#etag, settled_at = null, kept = null
where media_id = :#id::uuid and not exists (select from medium)
