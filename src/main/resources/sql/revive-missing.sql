-- Rows that were given up since their files were not there, and that are there now, go back into the queue.
with back as materialized (
  select t.id, p.link, p.object_key
  from unnest(:#rowKeys::text[], :#sources::text[], :#links::text[], :#objectKeys::text[]) as p (row_key, source, link, object_key)
  join mediaferry.transfer t
    on t.entry = :#entry and t.row_key = p.row_key and md5(t.source) = md5(p.source) and t.source = p.source
    and t.state = 'dead' and t.failure = 'missing-file'
), revived as (
  update mediaferry.transfer t
  set state = 'waiting', attempts = 0, due = now(), link = b.link, object_key = b.object_key, bucket = :#bucket::text, updated = now()
  from back b where t.id = b.id and t.state = 'dead' and not :#dryRun::boolean
)
select count(*) as rows from back
