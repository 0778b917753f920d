select target, state, count(*) as deliveries, extract(epoch from now() - min(created_at))::bigint as oldest_seconds
from mediaferry.media_delivery where state <> 'delivered' group by 1, 2
