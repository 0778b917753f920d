-- A medium that is about to be uploaded, with its session.
with medium as (
  insert into mediaferry.media (id, user_id, media_type, storage_key, bucket, file_name, file_size, mime_type, sha256)
  values (:#id::uuid, :#userId, :#mediaType, :#storageKey, :#bucket::text, :#fileName::text, :#fileSize::bigint, :#mimeType,
    :#sha256::text)
  returning id
)
insert into mediaferry.upload_session (media_id, incoming_key, upload_id, part_size, declared_size, declared_type, declared_sha256,
  max_bytes, expires_at)
select id, :#incomingKey, :#uploadId::text, :#partSize::bigint, :#fileSize::bigint, :#mimeType, :#sha256::text, :#maxBytes,
  now() + :#lifeSeconds * interval '1 second'
from medium
