-- The newest dead letters of a selection. Parameters that are null select everything.
select id, entry, row_key, host, failure, message, attempts, updated
from mediaferry.transfer
where state = 'dead' and (:#ids::bigint[] is null or id = any (:#ids::bigint[]))
  and (:#entry::text is null or entry = :#entry::text) and (:#failure::text is null or failure = :#failure::text)
  and (:#host::text is null or host = :#host::text)
  and (:#after::bigint is null or (id > :#after::bigint and id <= :#upTo::bigint and updated <= :#until::timestamptz))
  and (:#beforeId::bigint is null or (updated, id) < (:#beforeTime::timestamptz, :#beforeId::bigint))
order by updated desc, id desc limit :#most
