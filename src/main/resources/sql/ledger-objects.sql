-- Every object that a transfer owns or may come to own, in the order of a bucket's listing. A key whose hash is open is
-- that of no object yet: it is completed before the first byte is stored.
select id, entry, row_key, run, state, split_part(object_key, '{', 1) collate "C" as key, object_key like '%{%' as open,
  state in ('linked', 'rolled_back') and object_state in ('present', 'foreign') as expected, object_state <> 'foreign' as own, bytes, sha256, content_type, etag
from mediaferry.transfer
where bucket is not distinct from :bucket and object_key not like '%{sha256}%' and object_state not in ('removed', 'kept') and (:run = 0 or run = :run)
  and (split_part(object_key, '{', 1) collate "C" > :after
    or (object_key like '%{%' and starts_with(:after, split_part(object_key, '{', 1))))
union all
-- Media, but for those whose object a transfer has to have.
select 0, 'media', m.id::text, 0, lower(m.status), m.storage_key collate "C", false, m.status in ('UPLOADED', 'PROCESSING', 'READY'), true,
  m.file_size, m.sha256, m.mime_type, m.etag
from mediaferry.media m
where m.bucket is not distinct from :bucket and :run = 0 and m.storage_key collate "C" > :after
  and (m.origin <> 'entry' or not exists (select from mediaferry.transfer t
    where t.medium = m.id and t.object_key = m.storage_key and t.state in ('linked', 'rolled_back') and t.object_state in ('present', 'foreign')))
union all
-- What is to be removed yet.
select 0, 'media', d.media_id::text, 0, 'deleted', d.storage_key collate "C", false, false, true, d.file_size, d.sha256, null, d.etag
from mediaferry.media_deleted d
where d.settled_at is null and d.bucket is not distinct from :bucket and :run = 0 and d.storage_key collate "C" > :after
union all
-- What arrives.
select 0, 'media', s.media_id::text, 0, 'incoming', s.incoming_key collate "C", false, false, true, null, null, null, s.etag
from mediaferry.upload_session s join mediaferry.media m on m.id = s.media_id
where m.bucket is not distinct from :bucket and :run = 0 and s.incoming_key collate "C" > :after
union all
select 0, 'media', d.media_id::text, 0, 'incoming', d.incoming_key collate "C", false, false, true, null, null, null, null
from mediaferry.media_deleted d
where d.incoming_key is not null and d.bucket is not distinct from :bucket and :run = 0 and d.incoming_key collate "C" > :after
union all
-- What references keep of columns that were dropped.
select 0, 'reference', r.name, 0, r.state, (r.dump ->> 'key') collate "C", false, false, true, (r.dump ->> 'bytes')::bigint, r.dump ->> 'sha256', null, null
from mediaferry.reference r
where r.dump is not null and r.dump ->> 'bucket' is not distinct from :bucket and :run = 0 and (r.dump ->> 'key') collate "C" > :after
union all
-- What is made of other objects, and what of that is to be removed yet.
select 0, 'derivative', d.id::text, 0, d.state, d.storage_key collate "C", false, true, true, d.bytes, d.sha256, d.content_type, d.etag
from mediaferry.media_derivative d
where d.storage_key is not null and d.bucket is not distinct from :bucket and :run = 0 and d.storage_key collate "C" > :after
union all
select 0, 'derivative', d.id::text, 0, d.state, p.storage_key collate "C", false, false, true, p.bytes, p.sha256, null, p.etag
from mediaferry.media_derivative d join mediaferry.media_derivative_part p on p.derivative = d.id
where d.bucket is not distinct from :bucket and :run = 0 and p.storage_key collate "C" > :after
union all
select 0, 'derivative', r.id::text, 0, 'leaving', r.storage_key collate "C", false, false, true, null, r.sha256, null, r.etag
from mediaferry.derivative_removal r
where r.settled_at is null and r.bucket is not distinct from :bucket and :run = 0 and r.storage_key collate "C" > :after
order by key, id
