-- Why files are left out, in all categories or in one. Reasons may hold parts of paths, so there may be as many as files: all but
-- the hundred most frequent of a category are counted together.
with sums as (
  select entry, reason, count(*) as files, sum(bytes) as bytes,
    row_number() over (partition by entry order by reason is null desc, count(*) desc, reason) as place
  from mediaferry.inventory
  where worker = :#worker and (:#entry::text is null or entry = :#entry)
  group by 1, 2
)
select entry,
  case when reason is null or place <= 101 then reason else 'other reasons (import plan tells them by file)' end as reason,
  sum(files)::bigint as files, sum(bytes)::bigint as bytes,
  coalesce(sum(files) filter (where starts_with(reason, 'a dead letter: ')), 0)::bigint as dead
from sums group by 1, 2 order by 1, 2
