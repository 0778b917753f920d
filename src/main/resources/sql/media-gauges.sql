-- What the bucket has of each type, and how much is on its way.
select media_type, coalesce(sum(file_size) filter (where etag is not null), 0)::bigint as bytes,
  count(*) filter (where status = 'PENDING') as open
from mediaferry.media group by 1
