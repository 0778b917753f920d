select
  (select count(*) from mediaferry.attempt a join mediaferry.transfer t on t.id = a.transfer
    where a.ended < :before::timestamptz and t.state not in ('waiting', 'claimed', 'dead')) as attempts,
  (select count(*) from mediaferry.run r
    where r.started < :before::timestamptz and (r.finished < :before::timestamptz or r.interrupted)
      and r.id not in (select id from mediaferry.run order by id desc limit 5)) as runs,
  count(*) filter (where state = 'superseded' and object_state in ('none', 'removed')) as superseded,
  count(*) filter (where state = 'linked' and pruned is null) as links
from mediaferry.transfer where updated < :before::timestamptz
