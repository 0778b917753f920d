-- Every object that a transfer owns or may come to own, in the order of a bucket's listing. A key whose hash is open is
-- that of no object yet: it is completed before the first byte is stored.
select id, entry, row_key, run, state, split_part(object_key, '{', 1) collate "C" as key, object_key like '%{%' as open,
  state in ('linked', 'rolled_back') and object_state in ('present', 'foreign') as expected, object_state <> 'foreign' as own, bytes, sha256, content_type, etag
from mediaferry.transfer
where bucket is not distinct from :bucket and object_key not like '%{sha256}%' and object_state not in ('removed', 'kept') and (:run = 0 or run = :run)
  and (split_part(object_key, '{', 1) collate "C" > :after
    or (object_key like '%{%' and starts_with(:after, split_part(object_key, '{', 1))))
order by key, id
