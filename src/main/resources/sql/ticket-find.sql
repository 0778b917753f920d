select user_id, expires_at from mediaferry.media_ticket
where ticket = :#ticket and media_id = :#mediaId::uuid and expires_at > now()
