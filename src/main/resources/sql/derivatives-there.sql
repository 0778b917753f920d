-- What is made of objects already, or could not be made.
select d.id, d.bucket, d.object_key, d.kind, d.size, d.format, d.version, d.storage_key, d.cdn_url, d.content_type, d.width, d.height,
  d.bytes, d.bitrate, d.state, d.message, d.updated_at
from unnest(:#objectKeys::text[], :#buckets::text[]) as s (object_key, bucket)
join mediaferry.media_derivative d on d.object_key = s.object_key and d.bucket is not distinct from s.bucket
order by d.object_key, d.kind, d.size, d.format
