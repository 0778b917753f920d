delete from mediaferry.media where id = :#id::uuid and (:#userId::text is null or user_id = :#userId::text)
