-- Reports of runs that are over, but for the last ones, which status shows.
with page as materialized (
  select r.id from mediaferry.run r
  where r.id > :after and r.started < :before::timestamptz and (r.finished < :before::timestamptz or r.interrupted)
    and r.id not in (select id from mediaferry.run order by id desc limit 5)
  order by r.id limit :most for update skip locked
), gone as (
  delete from mediaferry.run r using page p where r.id = p.id
)
select count(*) as rows, coalesce(max(id), 0) as last from page
