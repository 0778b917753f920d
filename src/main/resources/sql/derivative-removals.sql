-- Objects that no derivative leads to any more, and that have left caches; of each bucket the first, so that none waits for one that does not answer.
select d.* from (select distinct bucket from mediaferry.derivative_removal where settled_at is null and due <= now()) b
cross join lateral (
  select id, bucket, storage_key, etag, sha256 from mediaferry.derivative_removal
  where settled_at is null and due <= now() and bucket is not distinct from b.bucket order by due, id limit 1000
) d
order by d.id
