-- What costs most comes first.
select case :#by when 'TYPE' then media_type when 'USER' then user_id when 'CLASS' then coalesce(storage_class, 'as stored') else status end as name,
  count(*) as media, coalesce(sum(file_size), 0)::bigint as bytes
from mediaferry.media group by 1 order by bytes desc, name limit :#limit
