insert into mediaferry.transfer (entry, row_key, source, link, host, deadline, object_key, bucket, shared, repairs, made, forced, replaces, state)
select :#entry, p.row_key, p.source, p.link, p.host, p.deadline::timestamptz, p.object_key, :#bucket::text, :#shared, p.repairs, p.made::timestamptz,
  case when :#forced::boolean then true end, p.replaces, 'waiting'
from unnest(:#rowKeys::text[], :#sources::text[], :#links::text[], :#hosts::text[], :#deadlines::text[], :#objectKeys::text[],
    :#repairs::text[], :#mades::text[], :#replaced::bigint[])
  as p (row_key, source, link, host, deadline, object_key, repairs, made, replaces)
on conflict (entry, row_key, md5(source)) where state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded')
do nothing
