select d.*, e.kind from mediaferry.media_delivery d join mediaferry.media_event e on e.id = d.event_id
where (:#state::text is null or d.state = :#state::text) and (:#mediaId::uuid is null or d.media_id = :#mediaId::uuid)
  and (:#before::bigint is null or d.id < :#before::bigint)
order by d.id desc limit :#limit
