-- Asks for the jobs of one object.
insert into mediaferry.derive_job as j (entry, media_type, media_id, bucket, object_key, content_type, kind, part, priority, required)
select :#entry::text, :#mediaType::text, :#mediaId::uuid, :#bucket::text, :#objectKey, :#contentType, g.kind, g.part, g.priority, g.required
from unnest(:#kinds::text[], :#parts::text[], :#priorities::integer[], :#required::boolean[]) as g (kind, part, priority, required)
on conflict (object_key, (coalesce(bucket, '')), kind, part) do update
  set state = 'waiting', attempts = 0, due = now(), failure = null, message = null, updated = now()
  where j.state in ('done', 'dead')
