update mediaferry.upload_session set looked_at = now() where media_id = :#mediaId::uuid
