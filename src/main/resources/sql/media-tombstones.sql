-- Of each bucket the first ones, so that none waits for one that does not answer.
select d.* from (select distinct bucket from mediaferry.media_deleted where settled_at is null) b
cross join lateral (
  select id, bucket, storage_key, etag, sha256, exists (select from mediaferry.transfer t
      where t.object_key = storage_key and t.bucket is not distinct from b.bucket and t.shared) as shared
  from mediaferry.media_deleted
  where settled_at is null and bucket is not distinct from b.bucket order by id limit 1000
) d
order by d.id
