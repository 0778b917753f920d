-- Failed attempts of transfers that have ended: dead letters keep theirs.
with page as materialized (
  select a.id from mediaferry.attempt a join mediaferry.transfer t on t.id = a.transfer
  where a.id > :after and a.ended < :before::timestamptz and t.state not in ('waiting', 'claimed', 'dead')
  order by a.id limit :most for update of a skip locked
), gone as (
  delete from mediaferry.attempt a using page p where a.id = p.id
)
select count(*) as rows, coalesce(max(id), 0) as last from page
