-- Of links whose records were made within the last 30 days, and a day ago or earlier: how many were moved within a day. And how many
-- are not moved although their records are 60 days old. Rows that were ours already do not count. Where nothing tells when a record was made, it is when its link was first seen.
select entry, count(*) as due, count(*) filter (where state = 'linked' and updated <= since + interval '1 day') as in_time, 0 as overdue
from (
  select entry, state, updated, least(made, created) as since from mediaferry.transfer
  where entry = any (:#entries::text[]) and created > now() - interval '30 days'
    and state in ('waiting', 'claimed', 'linked', 'dead', 'discarded') and forced is null) as t
where since > now() - interval '30 days' and since <= now() - interval '1 day'
group by entry
union all
select entry, 0, 0, count(*) from mediaferry.transfer
where state = 'waiting' and entry = any (:#entries::text[]) and least(made, created) <= now() - interval '60 days' and forced is null group by entry
union all
select entry, 0, 0, count(*) from mediaferry.transfer
where state = 'claimed' and entry = any (:#entries::text[]) and least(made, created) <= now() - interval '60 days' and forced is null group by entry
union all
select entry, 0, 0, count(*) from mediaferry.transfer
where state = 'dead' and entry = any (:#entries::text[]) and least(made, created) <= now() - interval '60 days' and forced is null group by entry
