-- What only an undo needs. What tells whose an object is, who shares it, and which bytes it has, stays. Which record is the first of
-- its group is read from the records.
with page as materialized (
  select t.id from mediaferry.transfer t
  where t.id > :after and t.updated < :before::timestamptz and t.state = 'linked' and t.pruned is null
  order by t.id limit :most for update skip locked
), pruned as (
  update mediaferry.transfer t
  set pruned = now(), source = '', link = null, message = null, failure = null, reason = null, repairs = null, deadline = null,
      chosen = null, record = case when t.first_of is not null then t.record end
  from page p where t.id = p.id
)
select count(*) as rows, coalesce(max(id), 0) as last from page
