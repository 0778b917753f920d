-- Newest first. Ids follow the time, so the last one of a page is where the next begins.
select m.*, a.owner_type, a.owner_id, s.begun is not null as begun
from mediaferry.media m
left join mediaferry.media_attachment a on a.media_id = m.id
left join mediaferry.upload_session s on s.media_id = m.id
where (:#userId::text is null or m.user_id = :#userId::text)
  and (:#mediaType::text is null or m.media_type = :#mediaType::text)
  and (:#status::text is null or m.status = :#status::text)
  and (:#before::uuid is null or m.id < :#before::uuid)
order by m.id desc limit :#limit
