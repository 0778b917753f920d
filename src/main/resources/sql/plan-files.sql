-- The next files of a category are put into the queue. What waits already learns its key and its ids anew; so does what was given
-- up for want of its file, which is there now.
with page as materialized (
  select i.id, i.entry, i.path, i.object_key, i.bucket, i.details, i.first_of from mediaferry.inventory i
  where i.worker = :#worker and i.entry = :#entry and i.id > :#after::bigint and i.reason is null
  order by i.id limit :#most
), planned as (
  insert into mediaferry.transfer as t (entry, row_key, source, host, object_key, bucket, details, first_of, state)
  select p.entry, p.path, p.path, :#host, p.object_key, p.bucket, p.details, p.first_of, 'waiting' from page p
  where not :#dryRun::boolean
  on conflict (entry, row_key, md5(source)) where state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded')
  do update set object_key = excluded.object_key, bucket = excluded.bucket, details = excluded.details, first_of = excluded.first_of, updated = now(),
    state = 'waiting', attempts = case when t.state = 'dead' then 0 else t.attempts end,
    due = case when t.state = 'dead' then now() else t.due end
  where (t.state = 'waiting' or t.state = 'dead' and t.failure = 'missing-file') and t.object_state = 'none'
)
select count(*) as files, coalesce(max(id), 0) as last from page
