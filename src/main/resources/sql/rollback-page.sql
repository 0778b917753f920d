-- The newest first, so that a row that was moved more than once goes back step by step. What was pruned has no old value.
select id, row_key from mediaferry.transfer
where entry = :#entry and state = 'linked' and pruned is null and id < :#before
  and (:#run::bigint = 0 or run = :#run::bigint) and updated >= :#since::timestamptz
  and (:#rowKey::text = '' or row_key = :#rowKey::text)
order by id desc limit :#most
