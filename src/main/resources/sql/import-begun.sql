-- Files whose objects may be in the store: a put had begun, or may have, when a process died or the answer got lost.
select t.id, coalesce(t.bytes, i.bytes, 0) as bytes
from mediaferry.transfer t
left join mediaferry.inventory i on i.worker = :#worker and i.entry = t.entry and i.path = t.row_key
where t.details is not null and (t.object_state = 'unknown' or t.state = 'claimed' and t.object_state = 'none')
