insert into mediaferry.media_ticket (ticket, media_id, user_id, expires_at)
values (:#ticket, :#mediaId::uuid, :#userId, now() + :#seconds::integer * interval '1 second')
returning expires_at
