-- What became of the files of a run: their bytes as they lie in the folder, and as they were stored.
select t.entry, t.state, count(*) as rows, coalesce(sum(i.bytes), 0)::bigint as original,
  coalesce(sum(t.bytes), 0)::bigint as stored
from mediaferry.transfer t
left join mediaferry.inventory i on i.worker = :#worker and i.entry = t.entry and i.path = t.row_key
where t.run = :#run group by 1, 2
