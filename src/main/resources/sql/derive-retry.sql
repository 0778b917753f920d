-- Tries again what was given up of an object, and what could not be made of it.
update mediaferry.derive_job j
set state = 'waiting', attempts = 0, due = now(), failure = null, message = null, updated = now()
where j.object_key = :#objectKey and j.bucket is not distinct from :#bucket::text
  and (:#kind::text is null or j.kind = :#kind) and (:#part::text is null or j.part = :#part)
  and (j.state = 'dead' or j.state = 'done' and exists (select from mediaferry.media_derivative d
    where d.object_key = j.object_key and d.bucket is not distinct from j.bucket and d.state <> 'ready'))
