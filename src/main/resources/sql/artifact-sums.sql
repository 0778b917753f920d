-- What has become of the files of a category over all runs, and how many different values their parts have.
with files as materialized (
  select state, bytes, coalesce(original_bytes, bytes) as original, details from mediaferry.transfer
  where entry = ? and state in ('linked', 'dead', 'waiting', 'claimed')
), parts as (
  select d.key, count(distinct d.value) as number from files f, jsonb_each_text(f.details) d where f.state = 'linked' group by 1
)
select count(*) filter (where state = 'linked') as linked, count(*) filter (where state <> 'linked') as others,
  coalesce(sum(original) filter (where state = 'linked'), 0)::bigint as original,
  coalesce(sum(bytes) filter (where state = 'linked'), 0)::bigint as stored,
  (select coalesce(jsonb_object_agg(key, number), '{}') from parts)::text as groups
from files
