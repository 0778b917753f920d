-- What nobody has fetched for long, and what was asked back from where it could not be read at once.
select m.id, m.user_id, m.media_type, m.storage_key, m.bucket, m.etag, m.storage_class, 'cool' as action from mediaferry.media m
where :#cools::boolean and m.status = 'READY' and m.storage_class is null and m.etag is not null and m.media_type = any (:#types::text[])
  and m.file_size <= :#most::bigint
  and greatest(m.created_at, m.status_since, m.last_fetched, m.restore_asked) < now() - :#seconds::bigint * interval '1 second'
union all
select m.id, m.user_id, m.media_type, m.storage_key, m.bucket, m.etag, m.storage_class, 'restore' from mediaferry.media m
where m.storage_class is not null and m.restore_asked is not null
order by id limit 10000
