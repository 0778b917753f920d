-- The next page of a selection, by its last number.
select max(id) as last, count(*) as letters from (
  select id from mediaferry.transfer
  where state = 'dead' and id > :#after::bigint and updated <= :#until::timestamptz
    and (:#ids::bigint[] is null or id = any (:#ids::bigint[]))
    and (:#entry::text is null or entry = :#entry::text) and (:#failure::text is null or failure = :#failure::text)
    and (:#host::text is null or host = :#host::text)
  order by id limit :#most) as page
