select id, kind, created_at, data from mediaferry.media_event where media_id = :#id::uuid order by id
