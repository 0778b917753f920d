select m.*, a.owner_type, a.owner_id, s.begun is not null as begun
from mediaferry.media_attachment a
join mediaferry.media m on m.id = a.media_id
left join mediaferry.upload_session s on s.media_id = m.id
where a.owner_type = :#ownerType and a.owner_id = :#ownerId
order by a.position, a.media_id
