-- What the bucket has of each type, and how much is on its way; also of types that have nothing.
select t.media_type, coalesce(sum(m.file_size) filter (where m.etag is not null), 0)::bigint as bytes,
  count(*) filter (where m.status = 'PENDING') as open
from (select unnest(:#types::text[]) union select distinct media_type from mediaferry.media) as t (media_type)
left join mediaferry.media m on m.media_type = t.media_type
group by 1
