-- What became of the files of a run, or of all runs: their bytes as they lie in the folder, and as they are stored.
select t.entry, t.state, substring(t.repairs from 'kept-([a-z0-9-]+)') as kept, count(*) as rows, count(t.original_bytes) as compressed,
  coalesce(sum(coalesce(t.original_bytes, t.bytes)), 0)::bigint as original, coalesce(sum(t.bytes), 0)::bigint as stored
from mediaferry.transfer t
where t.entry = any (:#entries::text[]) and (:#run::bigint = 0 or t.run = :#run::bigint) group by 1, 2, 3
