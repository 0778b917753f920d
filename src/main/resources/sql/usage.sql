-- What lies in the buckets by our doing. An object that rows share is counted once for each entry.
select entry, coalesce(content_type, '(unknown)') as type, sum(rows)::bigint as rows, sum(objects)::bigint as objects,
  coalesce(sum(bytes), 0)::bigint as bytes
from (
  select entry, content_type, count(*) as rows, count(*) as objects, sum(bytes) as bytes
  from mediaferry.transfer where object_state = 'present' and not shared group by 1, 2
  union all
  select entry, content_type, sum(rows), count(*), sum(bytes) from (
    select entry, content_type, count(*) as rows, max(bytes) as bytes
    from mediaferry.transfer where object_state = 'present' and shared group by entry, content_type, bucket, object_key) as object
  group by 1, 2) as t
group by 1, 2 order by 1, 5 desc, 2
