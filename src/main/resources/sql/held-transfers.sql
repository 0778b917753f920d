-- Which rows of a page the ledger holds back, by their place in it.
select p.place - 1 as place, t.failure
from unnest(:#rowKeys::text[], :#sources::text[]) with ordinality as p (row_key, source, place)
join mediaferry.transfer t
  on t.entry = :#entry and t.row_key = p.row_key and md5(t.source) = md5(p.source) and t.source = p.source
  and t.state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded')
where t.state <> 'waiting' or t.due > now()
