select m.*, a.owner_type, a.owner_id, s.begun is not null as begun
from mediaferry.media m
left join mediaferry.media_attachment a on a.media_id = m.id
left join mediaferry.upload_session s on s.media_id = m.id
where m.id = any (:#ids::uuid[])
