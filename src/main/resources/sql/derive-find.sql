-- Asks for the derivatives of all objects of an entry, or of a type of uploads, or counts them. By mode: missing takes what was never asked
-- for, is not done yet, or is done and lacks something that the registry wants; failed what was given up; all everything.
with source as materialized (
  select distinct on (t.bucket, t.object_key) t.bucket, t.object_key, t.content_type, t.medium as media_id
  from mediaferry.transfer t
  where :#entry::text is not null and t.entry = :#entry and t.state = 'linked' and t.object_state in ('present', 'foreign')
    and (:#medium::uuid is null or t.medium = :#medium::uuid)
  union all
  select m.bucket, m.storage_key, m.mime_type, m.id
  from mediaferry.media m
  where :#entry::text is null and m.media_type = :#mediaType and m.origin = 'session' and m.etag is not null
    and (:#medium::uuid is null or m.id = :#medium::uuid)
), wanted as materialized (
  select s.*, g.kind, g.part, g.priority, g.required
  from source s
  join unnest(:#contents::text[], :#kinds::text[], :#parts::text[], :#priorities::integer[], :#required::boolean[])
    as g (content, kind, part, priority, required) on starts_with(s.content_type, g.content) and s.content_type <> 'image/svg+xml'
  left join mediaferry.derive_job j on j.object_key = s.object_key and coalesce(j.bucket, '') = coalesce(s.bucket, '')
    and j.kind = g.kind and j.part = g.part
  where case :#mode
    when 'failed' then j.state = 'dead'
    when 'all' then true
    else j.id is null or j.state in ('waiting', 'claimed') or j.state = 'done' and case when g.kind = 'rendition'
      -- Which sizes a film has, only the film says; what could not be made for want of ffmpeg is written down.
      then exists (select from mediaferry.media_derivative d
        where d.object_key = s.object_key and d.bucket is not distinct from s.bucket and d.state <> 'ready'
          and d.kind in ('rendition', 'playlist') and d.size = g.part::integer)
      else exists (select from unnest(:#slotKinds::text[], :#slotSizes::integer[], :#slotFormats::text[]) as w (kind, size, format)
      where (g.kind <> 'poster' or w.kind <> 'optimized') and not exists (select from mediaferry.media_derivative d
        where d.object_key = s.object_key and d.bucket is not distinct from s.bucket and d.state = 'ready'
          and d.kind = w.kind and d.size = w.size and d.format = w.format))
      end
    end
), asked as (
  insert into mediaferry.derive_job as j (entry, media_type, media_id, bucket, object_key, content_type, kind, part, priority, required,
    again, request)
  select :#entry::text, :#mediaType::text, w.media_id, w.bucket, w.object_key, w.content_type, w.kind, w.part, w.priority, w.required,
    :#again::boolean, :#request::uuid
  from wanted w where not :#dryRun::boolean
  on conflict (object_key, (coalesce(bucket, '')), kind, part) do update
    set (state, attempts, due, failure, message, again, request, updated) = (
      -- What waits or is being made stays as it is; who asks for it waits for it, too.
      select case when over then 'waiting' else j.state end, case when over then 0 else j.attempts end, case when over then now() else j.due end,
        case when over then null else j.failure end, case when over then null else j.message end,
        case when over then excluded.again else j.again or j.state = 'waiting' and excluded.again end, excluded.request,
        case when over then now() else j.updated end
      from (select j.state in ('done', 'dead') as over) as o)
  returning j.bucket, j.object_key, j.required, j.state
), media as (
  -- An upload that nothing could be made of waits for it again. Only what was verified once has an ETag.
  update mediaferry.media m set status = 'UPLOADED', failure = null, message = null
  from asked a
  where a.required and a.state in ('waiting', 'claimed') and m.storage_key = a.object_key and m.bucket is not distinct from a.bucket
    and m.status = 'FAILED' and m.etag is not null
)
select count(*) from wanted
