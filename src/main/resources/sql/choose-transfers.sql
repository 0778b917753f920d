update mediaferry.transfer t set chosen = :#run
from unnest(:#rowKeys::text[], :#sources::text[]) as p (row_key, source)
where t.entry = :#entry and t.row_key = p.row_key and md5(t.source) = md5(p.source) and t.source = p.source
  and t.state = 'waiting'
