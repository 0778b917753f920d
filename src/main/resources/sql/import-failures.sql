-- The first files that a run has given up.
select entry, row_key, failure, message from mediaferry.transfer
where run = :#run::bigint and entry = any (:#entries::text[]) and state = 'dead' order by entry, row_key limit :#most
