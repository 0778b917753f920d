-- Transfers that nothing came of: no pointer leads to an object of theirs, and there is none.
with page as materialized (
  select t.id from mediaferry.transfer t
  where t.id > :after and t.updated < :before::timestamptz and t.state = 'superseded' and t.object_state in ('none', 'removed')
  order by t.id limit :most for update skip locked
), gone as (
  delete from mediaferry.transfer t using page p where t.id = p.id
)
select count(*) as rows, coalesce(max(id), 0) as last from page
