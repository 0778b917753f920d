-- What nobody has fetched for long, and what was asked back from where it could not be read at once. What several media, or rows of
-- other ledgers, may lead to is left where it is: that this medium was not fetched says nothing about those.
select m.id, m.user_id, m.media_type, m.storage_key, m.bucket, m.etag, m.storage_class, 'cool' as action from mediaferry.media m
where :#cools::boolean and m.status = 'READY' and m.storage_class is null and m.etag is not null and m.media_type = any (:#types::text[])
  and m.file_size <= :#most::bigint
  and greatest(m.created_at, m.status_since, m.last_fetched, m.restore_asked) < now() - :#seconds::bigint * interval '1 second'
  and not exists (select from mediaferry.media o
    where o.storage_key = m.storage_key and o.bucket is not distinct from m.bucket and o.id <> m.id)
  and not exists (select from mediaferry.transfer t
    where t.object_key = m.storage_key and t.bucket is not distinct from m.bucket and t.shared)
union all
select m.id, m.user_id, m.media_type, m.storage_key, m.bucket, m.etag, m.storage_class, 'restore' from mediaferry.media m
where m.storage_class is not null and m.restore_asked is not null
order by id limit 10000
