-- The files of a category over all runs, in the order of their paths.
select row_key, state, failure, message, details::text as details, object_key, target, bytes,
  coalesce(original_bytes, bytes) as original, record_id, record::text as record,
  to_char(updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as updated
from mediaferry.transfer
where entry = ? and state in ('linked', 'dead', 'waiting', 'claimed') order by row_key collate "C"
