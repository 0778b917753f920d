-- How a job has ended, and what it has made: new ones beside the old, switched here. Nothing of a job that was taken away meanwhile.
with job as (
  update mediaferry.derive_job j
  set state = :#state, worker = case when :#state = 'claimed' then j.worker end, due = now() + make_interval(secs => :#delay::double precision), again = j.again and :#state = 'waiting',
    attempts = case when :#counted::boolean then j.attempts else j.attempts - 1 end,
    failure = :#failure::text, message = :#message::text, progress = case when :#state = 'claimed' then j.progress end, updated = now()
  where j.id = :#id and j.worker = :#worker and j.state = 'claimed'
  returning j.*
), tried as (
  insert into mediaferry.derive_attempt (job, number, millis, failure, message)
  select j.id, j.attempts, :#millis, :#failure::text, :#message::text from job j where :#failure::text is not null
), made as (
  insert into mediaferry.media_derivative as d (media_id, bucket, object_key, kind, size, format, version, storage_key, cdn_url, content_type,
    cache_seconds, width, height, bytes, bitrate, sha256, etag, state, message)
  select j.media_id, j.bucket, j.object_key, o.kind, o.size, o.format, o.version, o.storage_key, o.cdn_url, o.content_type,
    o.cache_seconds, o.width, o.height, o.bytes, o.bitrate, o.sha256, o.etag, o.state, o.message
  from job j cross join jsonb_to_recordset(:#outputs::jsonb) as o (kind text, size integer, format text, version integer, storage_key text,
    cdn_url text, content_type text, cache_seconds integer, width integer, height integer, bytes bigint, bitrate integer, sha256 text,
    etag text, state text, message text)
  on conflict (object_key, (coalesce(bucket, '')), kind, size, format) do update set media_id = coalesce(excluded.media_id, d.media_id),
    version = excluded.version, storage_key = excluded.storage_key, cdn_url = excluded.cdn_url, content_type = excluded.content_type,
    cache_seconds = excluded.cache_seconds, width = excluded.width, height = excluded.height, bytes = excluded.bytes,
    bitrate = excluded.bitrate, sha256 = excluded.sha256, etag = excluded.etag, state = excluded.state, message = excluded.message,
    updated_at = now()
    -- What was made once is better than why it cannot be made now.
    where (excluded.state = 'ready' or d.state <> 'ready')
      -- Of two that were made at the same time the first stays.
      and (d.storage_key is null or d.storage_key = excluded.storage_key or d.version < excluded.version)
  returning d.id, d.kind, d.size, d.format, d.version
), parts as (
  insert into mediaferry.media_derivative_part (derivative, version, storage_key, bytes, sha256, etag)
  select m.id, m.version, p.storage_key, p.bytes, p.sha256, p.etag
  from made m join jsonb_to_recordset(:#parts::jsonb) as p (kind text, size integer, format text, storage_key text, bytes bigint,
    sha256 text, etag text) on p.kind = m.kind and p.size = m.size and p.format = m.format
  on conflict do nothing
)
update mediaferry.media m
set metadata = m.metadata || :#metadata::jsonb, thumbnail_url = coalesce(:#thumbnailUrl::text, m.thumbnail_url),
  width = coalesce(:#width::integer, m.width), height = coalesce(:#height::integer, m.height),
  duration = coalesce(:#duration::double precision, m.duration)
from job j
where m.storage_key = j.object_key and m.bucket is not distinct from j.bucket
  and (:#metadata::jsonb <> '{}' or :#thumbnailUrl::text is not null or :#width::integer is not null or :#duration::double precision is not null)
