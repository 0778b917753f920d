select d.kind, d.format, d.state, count(*) as derivatives, coalesce(sum(d.bytes), 0)::bigint as bytes, max(d.message) as message
from mediaferry.media_derivative d group by d.kind, d.format, d.state order by d.kind, d.format, d.state
