-- Counts the whole ledger: beside the pages, never for one.
select entry, count(*) as transfers, coalesce(sum(bytes), 0)::bigint as bytes from mediaferry.transfer where state = 'linked' group by entry
