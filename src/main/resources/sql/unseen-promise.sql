-- The same of those rows of a page that no run has found yet: none of them is moved.
select count(*) filter (where p.made::timestamptz > now() - interval '30 days' and p.made::timestamptz <= now() - interval '1 day') as due,
  count(*) filter (where p.made::timestamptz <= now() - interval '60 days') as overdue
from unnest(:#rowKeys::text[], :#sources::text[], :#mades::text[]) as p (row_key, source, made)
where not exists (
  select from mediaferry.transfer t
  where t.entry = :#entry and t.row_key = p.row_key and md5(t.source) = md5(p.source) and t.source = p.source
    and t.state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded'))
